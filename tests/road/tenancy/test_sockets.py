"""Every kind of live topic: its owner listens, nobody else does."""

from __future__ import annotations

import json

import pytest
from django.conf import settings

from core.db_pool import in_db
from core.ids import uuid7
from core.sessions import session_mark
from realtime import registry
from realtime.consumers import NOT_FOUND, SIGN_IN
from realtime.services import publish
from realtime.types import LiveEvent, Topic
from tests.road.tenancy.cast import Cast, Person, session_key
from tests.road.tenancy.possessions import Possessions
from tests.test_live_consumer import closing_code, socket

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("road")]


def topics(cast: Cast, possessions: Possessions) -> dict[str, Topic]:
    """One of the owner's of each kind. What a page may ask for is registered; `session` no page may."""
    ids = {"conversation": possessions.ended.conversation_id, "user": cast.actor().user_id}
    return {kind: Topic(kind, identifier) for kind, identifier in ids.items()}


def test_every_kind_of_topic_is_tried_here(cast: Cast, possessions: Possessions) -> None:
    assert registry._handlers.keys() == topics(cast, possessions).keys(), "new: give the owner one in tests/road/tenancy/test_sockets.py"


def cookie(person: Person) -> str:
    return person.cookies.get(settings.SESSION_COOKIE_NAME, "")


@pytest.mark.parametrize("kind", ["conversation", "user"])
async def test_the_owner_listens(kind: str, cast: Cast, possessions: Possessions) -> None:
    topic = topics(cast, possessions)[kind]
    async with socket(f"t={topic}", cookie(cast.owner)) as (page, connected):
        assert connected
        await in_db(publish, LiveEvent(topic, "news", {}))
        while (event := json.loads(await page.receive_from(timeout=5)))["type"] != "news":
            assert event["type"] in ("state", "listening")


@pytest.mark.parametrize("kind", ["conversation", "user"])
@pytest.mark.parametrize(("who", "code"), [("mate", NOT_FOUND), ("stranger", NOT_FOUND), ("nobody", SIGN_IN), ("closed", SIGN_IN)])
async def test_others_do_not(kind: str, who: str, code: int, cast: Cast, possessions: Possessions) -> None:
    """Alone, and beside a topic that they might listen to."""
    person, topic = getattr(cast, who), topics(cast, possessions)[kind]
    own = f"t=user:{person.actor.user_id if person.actor else uuid7()}&"
    for query in (f"t={topic}", f"{own}t={topic}"):
        async with socket(query, cookie(person)) as (page, _connected):
            assert await closing_code(page) == code
            await in_db(publish, LiveEvent(topic, "secret", {}))
            assert await page.receive_nothing(timeout=0.05)


async def test_a_closed_account_does_not_even_listen_to_its_own(cast: Cast) -> None:
    assert cast.closed.actor is not None
    async with socket(f"t=user:{cast.closed.actor.user_id}", cookie(cast.closed)) as (page, _connected):
        assert await closing_code(page) == SIGN_IN


async def test_what_is_deleted_is_not_there(cast: Cast, possessions: Possessions) -> None:
    async with socket(f"t=conversation:{possessions.deleted.conversation_id}", cookie(cast.owner)) as (page, _connected):
        assert await closing_code(page) == NOT_FOUND


async def test_nobody_asks_for_a_session(cast: Cast) -> None:
    mark = session_mark(await in_db(session_key, cast.owner))
    for person in (cast.owner, cast.stranger):
        async with socket(f"t=session:{mark}", cookie(person)) as (page, _connected):
            assert await closing_code(page) == NOT_FOUND
