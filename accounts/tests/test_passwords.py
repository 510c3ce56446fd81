"""Passwords that are guessed first are refused."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from accounts.models import User

REFUSED = [
    "password",
    "Password1!",
    "P@ssw0rd123!",
    "dragon2024",
    "Qwertyuiop1",
    "asdfghjkl!",
    "abcdefgh12",
    "87654321a",
    "abcabcabcabc",
    "xxxxxxxxxx",
    "AiChatPlatform1",
    "kim.long@example.com",
    "short7!",
]
TAKEN = [
    "a sparrow on the roof",
    "a-long-enough-secret-7",
    "another-long-secret-8",
    "correct horse battery staple",
    "vK9#rTq2mZ",
    "Drachenblut im Garten",
]


@pytest.mark.parametrize("password", REFUSED)
def test_what_is_guessed_first_is_refused(password: str) -> None:
    with pytest.raises(ValidationError):
        validate_password(password, User(email="kim.long@example.com"))


@pytest.mark.parametrize("password", TAKEN)
def test_what_is_hard_to_guess_is_taken(password: str) -> None:
    validate_password(password, User(email="kim@example.com"))


class _Range(BaseHTTPRequestHandler):
    asked: list[str] = []

    def do_GET(self) -> None:
        self.asked.append(self.path)
        digest = hashlib.sha1(b"tr0ub4dor and three").hexdigest().upper()
        self.send_response(200)
        self.end_headers()
        self.wfile.write(f"{'0' * 35}:0\r\n{digest[5:]}:42\r\n".encode())

    def log_message(self, *_: Any) -> None:
        """Quiet."""


@pytest.fixture
def service(settings: Any) -> Iterator[HTTPServer]:
    server = HTTPServer(("127.0.0.1", 0), _Range)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    settings.BREACHED_PASSWORDS_URL = f"http://127.0.0.1:{server.server_port}"
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_stolen_password_is_refused_when_the_operator_names_a_service_and_hardly_anything_is_told(service: HTTPServer) -> None:
    with pytest.raises(ValidationError, match="stolen"):
        validate_password("tr0ub4dor and three")
    validate_password("a sparrow on the roof")
    assert all(len(path) == len("/range/12345") for path in _Range.asked)


def test_a_service_that_is_away_holds_nobody_up(settings: Any) -> None:
    settings.BREACHED_PASSWORDS_URL = "http://127.0.0.1:1"
    validate_password("tr0ub4dor and three")


def test_by_default_nobody_is_asked(service: HTTPServer, settings: Any) -> None:
    settings.BREACHED_PASSWORDS_URL = ""
    _Range.asked.clear()
    validate_password("tr0ub4dor and three")
    assert _Range.asked == []
