"""Tell every page that listens. Never a reason for the caller to fail: pages catch up when they reconnect."""

from __future__ import annotations

import logging
from collections.abc import Sequence

import redis
from django.db import transaction

from core.redis import get_redis
from realtime import wire
from realtime.types import LiveEvent, Topic, session_topic

logger = logging.getLogger(__name__)


def publish(*events: LiveEvent) -> None:
    """Send the events to all pages that listen to their topics, in this order, in one round trip.

    Best effort: with Redis away the failure is logged and pages learn the truth from the state event that they get
    when they are connected again.
    """
    _send([(wire.channel(event.topic), wire.encode(event)) for event in events])


def publish_on_commit(*events: LiveEvent) -> None:
    """`publish` once the current transaction has committed, so that nobody hears of what is rolled back."""
    transaction.on_commit(lambda: publish(*events))


def recheck_access(*topics: Topic) -> None:
    """Make every socket on these topics prove again that it may listen; those that may not are closed. After commit, in one round trip."""
    transaction.on_commit(lambda: _send([(wire.channel(topic), wire.RECHECK) for topic in topics]))


def close_sessions(session_keys: Sequence[str]) -> None:
    """Make every socket that was opened with one of these sessions prove again that somebody is signed in. After commit."""
    recheck_access(*(session_topic(key) for key in session_keys))


def _send(messages: Sequence[tuple[str, bytes]]) -> None:
    if not messages:
        return
    try:
        pipeline = get_redis().pipeline(transaction=False)
        for name, payload in messages:
            pipeline.publish(name, payload)
        pipeline.execute()
    except redis.RedisError as error:
        logger.warning("Live events were not sent; pages catch up when they reconnect", extra={"cause": repr(error)})
