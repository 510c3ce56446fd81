"""What no browser sends is refused in words, or is nobody's: never an error of ours."""

from __future__ import annotations

import base64
import io
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import BadRequest
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpResponse
from django.test import Client

from accounts.models import User
from core.middleware import PlainRequestsMiddleware

COOKIE = settings.SESSION_COOKIE_NAME


@pytest.fixture
def kims(db: None, client: Client) -> Client:
    client.force_login(User.objects.create_user("kim@example.com"))
    return client


@pytest.mark.parametrize("key", ["\x00aaaaaaaa", "ä" * 32, "' OR 1=1 -- aaaa", "a" * 300])
def test_a_cookie_that_is_no_session_is_no_session(db: None, client: Client, key: str) -> None:
    client.cookies[COOKIE] = key
    assert client.get("/").status_code == 200
    assert client.get("/c/").status_code == 302


@pytest.mark.parametrize("charset", ["utf-7", "unicode_escape", "latin-1", "nonsense"])
@pytest.mark.parametrize("path", ["/accounts/login/", "/c/", "/settings/"])
def test_text_in_another_charset_is_refused(kims: Client, charset: str, path: str) -> None:
    body = b'--X\r\nContent-Disposition: form-data; name="text"\r\n\r\n\\ud800\r\n--X--\r\n'
    assert kims.generic("POST", path, body, f"multipart/form-data; boundary=X; charset={charset}").status_code == 400
    assert kims.generic("GET", path, b"x", f"text/plain; charset={charset}", query_params={"q": "1"}).status_code == 400


@pytest.mark.parametrize("charset", ["rot13", "base64"])
def test_what_is_no_charset_of_text_is_refused_too(charset: str) -> None:
    content_type = f"text/plain; charset={charset}".encode()
    scope = {"type": "http", "method": "GET", "path": "/", "query_string": b"a=b", "headers": [(b"content-type", content_type)]}
    request = ASGIRequest(scope, io.BytesIO())  # that of Django's test client cannot even be made
    with pytest.raises(BadRequest):
        PlainRequestsMiddleware(lambda _: HttpResponse())(request)
    assert request.GET["a"] == "b"


@pytest.mark.parametrize("charset", ["utf-8", "UTF-8"])
def test_utf_8_may_be_said(db: None, client: Client, charset: str) -> None:
    said = b"login=kim%40example.com&password=a+sparrow"
    assert client.generic("POST", "/accounts/login/", said, f"application/x-www-form-urlencoded; charset={charset}").status_code == 200


@pytest.mark.parametrize("address", ["http://[", "//[x", "http://x]/"])
def test_a_page_that_says_nonsense_of_itself(db: None, address: str) -> None:
    asked: Any = {"HX-Request": "true", "HX-Current-URL": address}
    stranger = Client().get("/c/", headers=asked)
    assert stranger.status_code == 401
    assert stranger["HX-Redirect"].endswith("next=%2Fc%2F")


@pytest.mark.parametrize("path", ["/accounts/invitation/%00/", "/settings/picture/%00.webp", "/s/%00/"])
def test_no_address_has_a_null_byte(kims: Client, path: str) -> None:
    assert kims.get(path).status_code == 404


@pytest.mark.parametrize("when", ["2024-01-01T00:00:00+23:59", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2024-01-01"])
@pytest.mark.parametrize("path", ["/c/list/", "/c/archived/", "/c/deleted/"])
def test_a_cursor_of_another_world(kims: Client, when: str, path: str) -> None:
    cursor = base64.urlsafe_b64encode(f"{when}|00000000-0000-0000-0000-000000000000".encode()).decode().rstrip("=")
    assert kims.get(path, {"cursor": cursor, "before": cursor}).status_code in (200, 400)
