"""Who was turned away a moment ago is turned away in the event loop, and nobody else is."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from accounts.doors import ClosedDoors, closed_doors
from accounts.known_device import COOKIE, remember_device
from chatplatform.front_door import FrontDoor
from core.redis import get_redis


@pytest.fixture(autouse=True)
def all_open() -> None:
    closed_doors._refused.clear()
    for key in get_redis().scan_iter("rate:*"):
        get_redis().delete(key)


@pytest.fixture
def static_files_by_their_own_names(settings: Any) -> None:
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}


def knock(
    address: str, *headers: tuple[bytes, bytes], method: str = "POST", path: str = "/accounts/login/", query: bytes = b""
) -> list[Any]:
    """What is sent; ["let through"] when the application was asked."""
    sent: list[Any] = []

    async def app(*_: Any) -> None:
        sent.append("let through")

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> None:
        raise AssertionError("a refusal reads nothing")

    scope = {"type": "http", "method": method, "path": path, "query_string": query, "headers": headers, "client": (address, 4000)}
    asyncio.run(FrontDoor(app)(scope, receive, send))
    return sent


@pytest.mark.django_db
@pytest.mark.usefixtures("static_files_by_their_own_names")
def test_the_refusal_is_that_of_the_application() -> None:
    client = Client(REMOTE_ADDR="10.0.0.1")
    given = [client.post("/accounts/login/", {"login": "kim@example.com"}) for _ in range(61)][-1]
    assert given.status_code == 429
    start, body = knock("10.0.0.1")
    headers = {name.decode(): value.decode() for name, value in start["headers"]}
    assert (start["status"], body["body"]) == (429, given.content)
    assert int(headers["content-length"]) == len(given.content)
    assert 0 < int(headers["retry-after"]) <= int(given["Retry-After"])
    once = {"x-request-id", "retry-after", "vary"}
    assert {name.lower(): value for name, value in given.items() if name.lower() not in once}.items() <= headers.items()


def test_others_other_pages_and_other_methods_get_through() -> None:
    closed_doors.note("10.0.0.1", 30)
    assert knock("10.0.0.1")[0]["status"] == 429
    assert knock("10.0.0.2") == ["let through"]
    assert knock("10.0.0.1", method="GET") == ["let through"]
    assert knock("10.0.0.1", path="/c/") == ["let through"]


def test_a_browser_that_is_known_is_not_its_address() -> None:
    response = HttpResponse()
    remember_device(RequestFactory().post("/accounts/login/"), response, "kim@example.com")
    closed_doors.note("10.0.0.1", 30)
    assert knock("10.0.0.1", (b"cookie", f"{COOKIE}={response.cookies[COOKIE].value}".encode())) == ["let through"]
    assert knock("10.0.0.1", (b"cookie", f"{COOKIE}=made-up".encode()))[0]["status"] == 429


@pytest.mark.parametrize("odd", [{"query": b"\xff\xfe"}, {"path": "/accounts/\udcff"}])
def test_what_cannot_be_read_is_left_to_the_application(odd: dict[str, Any]) -> None:
    assert knock("10.0.0.3", **odd) == ["let through"]


def test_it_is_forgotten_after_a_second_or_when_the_door_opens(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr("accounts.doors.time.monotonic", lambda: now)
    doors = ClosedDoors()
    doors.note("long", 30)
    doors.note("short", 0.5)
    now = 100.4
    assert doors.retry_after("long") == pytest.approx(29.6)
    assert doors.retry_after("short") == pytest.approx(0.1)
    now = 100.6
    assert doors.retry_after("short") is None
    now = 101.1
    assert doors.retry_after("long") is None


def test_it_never_remembers_more_than_so_many(monkeypatch: pytest.MonkeyPatch) -> None:
    doors = ClosedDoors()
    for number in range(3 * ClosedDoors.MOST):
        doors.note(f"10.{number}", 30)
    assert len(doors._refused) <= ClosedDoors.MOST
    assert doors.retry_after(f"10.{3 * ClosedDoors.MOST - 1}") is not None
