"""So many requests in any minute, as the plan says."""

from __future__ import annotations

import logging
from uuid import UUID

import redis

from core.redis import get_redis
from usage.exceptions import TooManyRequests
from usage.types import Balance

logger = logging.getLogger(__name__)

_WINDOW_MS = 60_000


def limit_requests(workspace_id: UUID, balance: Balance) -> None:
    """Count a request; of any 60 seconds at most `balance.requests_per_minute` pass, however many arrive at once.

    A refused request is not counted. The clock is that of Redis, so all processes agree. Without Redis everything passes: the
    limits of tokens and money are elsewhere. Raises `TooManyRequests` with the seconds until the next one passes.
    """
    if balance.requests_per_minute is None:
        return
    try:
        client = get_redis()
        wait_ms = client.register_script(_COUNT)(keys=[f"usage:requests:{workspace_id}"], args=[balance.requests_per_minute, _WINDOW_MS])
    except redis.RedisError as error:
        logger.warning("Requests were not counted", extra={"cause": repr(error)})
        return
    if wait_ms:
        raise TooManyRequests(limit=balance.requests_per_minute, retry_after=int(wait_ms) / 1000)


# A sorted set of the moments of the last minute. Members are unique by a counter that lives as long as the set.
_COUNT = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local limit, window = tonumber(ARGV[1]), tonumber(ARGV[2])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - window)
if redis.call('ZCARD', KEYS[1]) < limit then
    redis.call('ZADD', KEYS[1], now, time[1] .. ':' .. time[2] .. ':' .. redis.call('ZCARD', KEYS[1]))
    redis.call('PEXPIRE', KEYS[1], window)
    return 0
end
local oldest = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')[2]
if not oldest then return window end
return math.max(1, oldest + window - now)
"""
