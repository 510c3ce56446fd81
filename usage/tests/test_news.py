"""Pages hear that the figures changed, after the commit, not too often; a warning always."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson
import pytest
from django.db import transaction

from accounts.types import Actor
from core.redis import get_redis
from realtime.services import channel
from realtime.types import Topic
from usage.services import release, reserve, settle
from usage.tests.builders import call, hold, make_actor, wait_until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def actor() -> Actor:
    return make_actor()


@pytest.fixture
def heard(actor: Actor) -> Iterator[Any]:
    """Everything that the person's pages were told so far."""
    client: Any = get_redis()
    listener = client.pubsub(ignore_subscribe_messages=True)
    listener.subscribe(channel(Topic("user", actor.user_id)))
    wait_until(lambda: bool(listener.subscribed))
    listener.get_message(timeout=1)
    events: list[dict[str, Any]] = []

    def collect() -> list[dict[str, Any]]:
        while message := listener.get_message(timeout=0.2):
            events.append(orjson.loads(message["data"]))
        return events

    yield collect
    listener.close()


def _quiet_is_over(actor: Actor) -> None:
    get_redis().delete(f"usage:told:{actor.workspace_id}")


def test_a_hold_its_release_and_a_settlement_are_told(actor: Actor, heard: Any) -> None:
    reserve(hold(actor.workspace_id, key="k"))
    assert [event["type"] for event in heard()] == ["usage"]
    _quiet_is_over(actor)
    release("k")
    assert len(heard()) == 2
    _quiet_is_over(actor)
    settle(None, call(actor.workspace_id))
    assert [event["warning"] for event in heard()] == [0, 0, 0]


def test_much_at_once_is_told_once_but_a_warning_always(actor: Actor, heard: Any) -> None:
    for _ in range(20):
        settle(None, call(actor.workspace_id, output=4000))  # plan free: the last one is the 80 % level
    assert [event["warning"] for event in heard()] == [0, 80]


def test_what_is_rolled_back_is_told_to_nobody(actor: Actor, heard: Any) -> None:
    with transaction.atomic():
        reserve(hold(actor.workspace_id))
        transaction.set_rollback(True)
    assert heard() == []
