"""What can be taken back in one go is remembered for an hour: a change of many conversations, a deleted folder."""

from __future__ import annotations

import logging
from typing import Any

from django.core.cache import cache
from redis.exceptions import RedisError

from accounts.types import Actor
from conversations.exceptions import NotUndoable
from core.ids import uuid7

logger = logging.getLogger(__name__)

KEPT_SECONDS = 60 * 60


def remember(actor: Actor, change: dict[str, Any]) -> str:
    """Keep how a change is taken back; returns the word for it, empty when it could not be kept (Redis is away)."""
    token = uuid7().hex
    try:
        cache.set(_key(actor, token), change, KEPT_SECONDS)
    except RedisError as error:
        logger.warning("A change cannot be undone: it could not be remembered", extra={"cause": repr(error)})
        return ""
    return token


def recall(actor: Actor, token: str) -> dict[str, Any]:
    """The change of this actor, once. Raises `NotUndoable` when it is too old, was taken back before, or is not theirs."""
    change: dict[str, Any] | None = cache.get(_key(actor, token))
    if change is None or not cache.delete(_key(actor, token)):
        raise NotUndoable
    return change


def _key(actor: Actor, token: str) -> str:
    return f"undo:{actor.user_id}:{actor.workspace_id}:{token}"
