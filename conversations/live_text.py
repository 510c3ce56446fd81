"""The text of a running answer so far, in Redis: written by the generations process, read by pages that open.

Postgres gets a checkpoint every few seconds; this is what is newer. Losing it costs nothing but those seconds.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from uuid import UUID

import redis

from core.redis import get_redis

logger = logging.getLogger(__name__)

TTL_SECONDS = 3600


def text_key(message_id: UUID) -> str:
    return f"answer:{message_id}"


def reasoning_key(message_id: UUID) -> str:
    return f"answer:{message_id}:reasoning"


def call_key(message_id: UUID) -> str:
    """What the provider calls the call that writes this answer."""
    return f"answer:{message_id}:call"


def read_call(message_id: UUID) -> str:
    """Empty when the provider named none, or Redis does not know."""
    try:
        value = get_redis().get(call_key(message_id))
    except redis.RedisError as error:
        logger.warning("The name of a call cannot be read", extra={"cause": repr(error)})
        return ""
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else ""


def read(message_ids: Sequence[UUID]) -> dict[UUID, tuple[str, str]]:
    """(text, reasoning) of each message that has a log. Empty when Redis is away: the checkpoint then has to do."""
    if not message_ids:
        return {}
    keys = [key(message_id) for message_id in message_ids for key in (text_key, reasoning_key)]
    try:
        values = get_redis().mget(keys)
    except redis.RedisError as error:
        logger.warning("The live text cannot be read", extra={"cause": repr(error)})
        return {}
    texts = [value.decode("utf-8", "replace") if isinstance(value, bytes) else "" for value in values]
    return {message_id: (texts[2 * n], texts[2 * n + 1]) for n, message_id in enumerate(message_ids)}


def forget(message_id: UUID) -> None:
    """Drop the log of a finished answer. Best effort: it expires anyway."""
    try:
        get_redis().delete(text_key(message_id), reasoning_key(message_id), call_key(message_id))
    except redis.RedisError as error:
        logger.warning("The live text was not dropped", extra={"cause": repr(error)})
