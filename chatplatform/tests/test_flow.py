"""A large answer lies in nobody's memory: it is made as fast as it is read."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator

import pytest

from chatplatform.embedded.ports import free_port
from chatplatform.tests.streaming_app import TOTAL

HOST = "127.0.0.1"


@pytest.fixture
def port() -> Iterator[int]:
    number = free_port(HOST)
    command = [sys.executable, "-m", "daphne", "--bind", HOST, "--port", str(number), "--verbosity", "0"]
    server = subprocess.Popen([*command, "chatplatform.tests.streaming_app:application"])
    end = time.monotonic() + 30
    while socket.socket().connect_ex((HOST, number)):
        assert server.poll() is None
        assert time.monotonic() < end, "daphne did not start"
        time.sleep(0.05)
    yield number
    server.terminate()
    server.wait(15)


def _sent(port: int) -> int:
    with urllib.request.urlopen(f"http://{HOST}:{port}/sent", timeout=10) as response:
        return int(response.read())


def _rests(port: int) -> int:
    """What was sent by the time that nothing more goes."""
    before = -1
    while (now := _sent(port)) != before:
        before = now
        time.sleep(0.3)
    return now


def test_a_reader_who_does_not_read_holds_the_answer_up_and_gets_all_of_it_later(port: int) -> None:
    reader = socket.create_connection((HOST, port))
    reader.sendall(b"GET / HTTP/1.0\r\n\r\n")
    while not _sent(port):
        time.sleep(0.02)
    assert _rests(port) < TOTAL / 3, "what the sockets hold, and no more"
    size = 0
    while piece := reader.recv(1 << 20):
        size += piece.count(b"x")
    reader.close()
    assert size == TOTAL


def test_a_form_is_left_for_django_to_read(port: int) -> None:
    """Twisted's own parser hangs up on this one, without a word."""
    body = b"--X\r\nContent-Disposition: form-data; name*=rot13''x\r\n\r\n1\r\n--X--\r\n"
    headers = {"Content-Type": "multipart/form-data; boundary=X"}
    request = urllib.request.Request(f"http://{HOST}:{port}/sent", data=body, headers=headers)
    with urllib.request.urlopen(request, timeout=10) as response:
        assert response.status == 200


def test_a_reader_who_leaves_ends_it(port: int) -> None:
    reader = socket.create_connection((HOST, port))
    reader.sendall(b"GET / HTTP/1.0\r\n\r\n")
    reader.recv(1000)
    reader.close()
    assert _rests(port) <= TOTAL  # the server answers on, whatever became of the other one
