"""How often links are read: counted in Redis, written to the table now and then, so that no reader waits for a write.

About right is enough: robots count, and what Redis loses is not counted.
"""

from __future__ import annotations

import logging
from uuid import UUID

import redis

from core.redis import get_redis

logger = logging.getLogger(__name__)

_COUNTS = "share-views"
_TAKEN = "share-views:taken"


def count_view(share_id: UUID) -> None:
    """One more reader. Never fails: without Redis the page is read all the same."""
    try:
        get_redis().hincrby(_COUNTS, str(share_id), 1)
    except redis.RedisError:
        logger.info("A view of a shared conversation was not counted")


def take_views() -> dict[UUID, int]:
    """What has been counted since `forget_taken`. Taken again, until that is called, when somebody died in between."""
    client = get_redis()
    if not client.exists(_TAKEN) and client.exists(_COUNTS):
        client.renamenx(_COUNTS, _TAKEN)
    return {UUID(key.decode() if isinstance(key, bytes) else key): int(count) for key, count in client.hgetall(_TAKEN).items()}


def forget_taken() -> None:
    """What was taken stands in the table."""
    get_redis().delete(_TAKEN)
