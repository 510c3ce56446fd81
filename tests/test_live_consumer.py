"""The socket through the whole ASGI application, with real Valkey in between."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from channels.testing import WebsocketCommunicator
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

from accounts.models import User
from accounts.sessions import SessionStore
from chatplatform.asgi import application
from core.db_pool import in_db
from core.ids import uuid7
from core.redis import get_redis
from realtime import wire
from realtime.hub import get_hub
from realtime.services import publish
from realtime.types import LiveEvent, Topic

pytestmark = pytest.mark.django_db(transaction=True)
ORIGIN = b"http://localhost"


def signed_in(email: str = "owner@example.com") -> tuple[User, str]:
    user = User.objects.create_user(email)
    return user, session_of(user)


def session_of(user: User) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return str(session.session_key)


@asynccontextmanager
async def socket(query: str, cookie: str = "", origin: bytes | None = ORIGIN) -> AsyncIterator[tuple[WebsocketCommunicator, bool]]:
    headers = [(b"host", b"localhost")]
    if origin is not None:
        headers.append((b"origin", origin))
    if cookie:
        headers.append((b"cookie", f"{settings.SESSION_COOKIE_NAME}={cookie}".encode()))
    communicator = WebsocketCommunicator(application, f"/ws/?{query}", headers=headers)
    connected, _ = await communicator.connect(timeout=5)
    try:
        yield communicator, connected
    finally:
        await communicator.disconnect()


async def closing_code(communicator: WebsocketCommunicator) -> int:
    output: dict[str, Any] = await communicator.receive_output(timeout=5)
    assert output["type"] == "websocket.close"
    return int(output["code"])


async def heard(page: WebsocketCommunicator) -> Any:
    """The next event."""
    return json.loads(await page.receive_from(timeout=5))


async def test_what_is_published_reaches_the_page_in_order() -> None:
    user, cookie = await in_db(signed_in)
    async with socket(f"t=user:{user.pk}", cookie) as (page, connected):
        assert connected
        topic = Topic("user", user.pk)
        await in_db(publish, *(LiveEvent(topic, "news", {"n": n}) for n in range(3)))
        assert (await heard(page))["type"] == "listening"
        received = [await heard(page) for _ in range(3)]
        assert [event["n"] for event in received] == [0, 1, 2]
        assert received[0] == {"type": "news", "topic": str(topic), "n": 0}


async def test_nobody_listens_to_what_belongs_to_somebody_else() -> None:
    other, _ = await in_db(signed_in, "other@example.com")
    _, cookie = await in_db(signed_in)
    async with socket(f"t=user:{other.pk}", cookie) as (page, _connected):
        assert await closing_code(page) == 4404
        await in_db(publish, LiveEvent(Topic("user", other.pk), "secret", {}))
        assert await page.receive_nothing(timeout=0.1)


async def test_somebody_signed_out_is_asked_to_sign_in() -> None:
    async with socket(f"t=user:{uuid7()}") as (page, _connected):
        assert await closing_code(page) == 4401


@pytest.mark.parametrize("origin", [None, b"null", b"https://evil.example", b"http://localhost.evil.example", b"http://localhost:81"])
async def test_a_foreign_origin_is_refused_before_anything_else(origin: bytes | None) -> None:
    user, cookie = await in_db(signed_in)
    async with socket(f"t=user:{user.pk}", cookie, origin) as (_page, connected):
        assert not connected


TOO_MANY = "&".join(f"t=user:{uuid7()}" for _ in range(9))


@pytest.mark.parametrize("query", ["", "t=", "t=user:nonsense", "t=user", "t=unknown:x' OR 1=1", TOO_MANY])
async def test_topics_that_are_none_are_refused(query: str) -> None:
    _, cookie = await in_db(signed_in)
    async with socket(query, cookie) as (page, _connected):
        assert await closing_code(page) == 4400


async def test_an_unknown_kind_of_topic_is_not_found() -> None:
    _, cookie = await in_db(signed_in)
    async with socket(f"t=unknown:{uuid7()}", cookie) as (page, _connected):
        assert await closing_code(page) == 4404


async def test_what_a_page_sends_is_ignored() -> None:
    user, cookie = await in_db(signed_in)
    async with socket(f"t=user:{user.pk}", cookie) as (page, _connected):
        assert (await heard(page))["type"] == "listening"
        await page.send_to(text_data="x" * 10_000)
        assert await page.receive_nothing(timeout=0.1)
        await in_db(publish, LiveEvent(Topic("user", user.pk), "news", {}))
        assert (await heard(page))["type"] == "news"


async def test_a_session_that_ends_takes_its_sockets_along_and_no_others() -> None:
    user, cookie = await in_db(signed_in)
    _, other = await in_db(signed_in, "other@example.com")
    async with socket(f"t=user:{user.pk}", cookie) as (page, _), socket(f"t=user:{user.pk}", await in_db(session_of, user)) as (kept, _):
        assert [(await heard(one))["type"] for one in (page, kept)] == ["listening", "listening"]
        await in_db(SessionStore(cookie).delete)
        assert await closing_code(page) == 4503  # the page comes again ...
        assert await kept.receive_nothing(timeout=0.1)
    async with socket(f"t=user:{user.pk}", cookie) as (page, _):
        assert await closing_code(page) == 4401  # ... and hears why
    assert await in_db(SessionStore(other).exists, other)


async def test_a_lost_connection_to_valkey_comes_back_with_all_its_topics() -> None:
    user, cookie = await in_db(signed_in)
    async with socket(f"t=user:{user.pk}", cookie) as (page, _connected):
        assert (await heard(page))["type"] == "listening"
        hub = get_hub()
        hub._connected.clear()
        await in_db(get_redis().execute_command, "CLIENT", "KILL", "TYPE", "pubsub")
        await hub._connected.wait()
        assert (await heard(page))["type"] == "listening"  # anew: the page asks for what it may have missed
        await in_db(publish, LiveEvent(Topic("user", user.pk), "news", {}))
        assert (await heard(page))["type"] == "news"


async def test_the_last_socket_of_a_topic_ends_its_subscription() -> None:
    user, cookie = await in_db(signed_in)
    name = wire.channel(Topic("user", user.pk)).encode()
    async with socket(f"t=user:{user.pk}", cookie):
        assert name in get_hub()._listeners
    assert name not in get_hub()._listeners
