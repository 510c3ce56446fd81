"""Connections to Redis or Valkey, one pool a process (and one a loop for the asynchronous kind)."""

from __future__ import annotations

import asyncio
import functools
from weakref import WeakKeyDictionary

import redis
import redis.asyncio
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

_TIMEOUT_SECONDS = 3.0
_by_loop: WeakKeyDictionary[asyncio.AbstractEventLoop, redis.asyncio.Redis] = WeakKeyDictionary()


@functools.cache
def get_redis() -> redis.Redis:
    """The synchronous client. Raises `redis.ConnectionError` when the server is away (after one new attempt)."""
    return redis.Redis.from_url(
        settings.REDIS_URL,
        socket_timeout=_TIMEOUT_SECONDS,
        socket_connect_timeout=_TIMEOUT_SECONDS,
        retry=Retry(NoBackoff(), 1),
    )


def get_async_redis() -> redis.asyncio.Redis:
    """The asynchronous client of the running loop."""
    loop = asyncio.get_running_loop()
    client = _by_loop.get(loop)
    if client is None:
        client = _by_loop[loop] = redis.asyncio.Redis.from_url(
            settings.REDIS_URL,
            socket_timeout=_TIMEOUT_SECONDS,
            socket_connect_timeout=_TIMEOUT_SECONDS,
            retry=redis.asyncio.retry.Retry(NoBackoff(), 1),
        )
    return client
