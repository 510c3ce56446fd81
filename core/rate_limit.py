"""How often somebody may do something: a count in Redis for each window of time."""

from __future__ import annotations

import time

from core.exceptions import RateLimited
from core.redis import get_redis


def spend(action: str, who: object, *, times: int, seconds: int) -> None:
    """Count one use of `action` by `who`. Raises `RateLimited` beyond `times` in the current window of `seconds`.

    Windows are fixed, so twice as many may come around the end of one. Needs Redis (`redis.ConnectionError` otherwise).
    """
    now = time.time()
    key = f"rate:{action}:{who}:{int(now // seconds)}"
    with get_redis().pipeline() as pipe:
        pipe.incr(key)
        pipe.expire(key, seconds)
        used = pipe.execute()[0]
    if used > times:
        wait = seconds - now % seconds
        raise RateLimited(f"That was too often. Try again in {_words(wait)}.", retry_after=wait)


def take(action: str, who: object, *, times: int, seconds: int) -> None:
    """Like `spend`, with a window that begins at the first use. What is refused does not count.

    Raises `RateLimited`. `give_back` undoes one use, `forget` all of them.
    """
    key = _key(action, who)
    with get_redis().pipeline() as pipe:
        pipe.incr(key)
        pipe.expire(key, seconds, nx=True)
        pipe.ttl(key)
        used, _, left = pipe.execute()
    if used > times:
        get_redis().decr(key)
        raise RateLimited(f"That was too often. Try again in {_words(left)}.", retry_after=max(left, 1))


def give_back(action: str, who: object) -> None:
    """One use did not count after all. Never makes room beyond the limit."""
    if get_redis().decr(_key(action, who)) <= 0:
        get_redis().delete(_key(action, who))


def forget(action: str, who: object) -> None:
    """Start anew."""
    get_redis().delete(_key(action, who))


def _key(action: str, who: object) -> str:
    return f"rate:{action}:{who}"


def _words(seconds: float) -> str:
    minutes = round(seconds / 60)
    return f"{minutes} minutes" if minutes > 1 else "a minute"
