"""One call of a provider, with patience and within limits."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import AsyncGenerator
from contextlib import aclosing

from providers.config import DISPLAY_NAMES
from providers.exceptions import ConnectionLost, FirstTokenTimeout, ProviderError, StreamCut, StreamStalled, TotalTimeout
from providers.pacing import read_in_step
from providers.services.engines import get_engine
from providers.types import CallNamed, ChatRequest, Engine, Finish, ReasoningDelta, StreamEvent, Timeouts, Usage
from providers.watchdog import Expired, Watchdog

__all__ = ["open_stream", "pause_before_retry", "read_in_step"]

logger = logging.getLogger(__name__)

DEFAULT = Timeouts()
MAX_TRIES = 3
BACKOFF_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 20.0
_NO_CONTENT = (Usage, CallNamed)  # what a provider may say before it begins to answer


async def open_stream(request: ChatRequest, *, timeouts: Timeouts = DEFAULT) -> AsyncGenerator[StreamEvent, None]:
    """The events of one answer, as they arrive; the last one is `Finish`. Use it in `contextlib.aclosing`: leaving ends the call.

    Before the first content (text, reasoning, tool call, finish) a temporary failure is tried again, at most `MAX_TRIES`
    times in all, after a pause with full jitter or as long as the provider asks (`Retry-After`, up to 20 s; longer than
    that, the error is raised with `retry_after`). A kept-alive connection that turns out to be closed costs one try more,
    at once. After the first content nothing is repeated: the caller keeps what it has.

    Raises `ProviderError`, always with a sentence for people. `FirstTokenTimeout` is not repeated by itself: the provider may
    have worked, and charged, for it.
    """
    engine = get_engine(request.provider)
    watchdog = Watchdog(timeouts.total_seconds)
    tries, stale_left = 1, 1
    try:
        while True:
            began = False
            try:
                async with aclosing(_one_try(engine, request, timeouts, watchdog)) as events:
                    async for event in events:
                        began = began or not isinstance(event, _NO_CONTENT)
                        yield event
                return
            except ProviderError as error:
                if began or not error.retryable or isinstance(error, (FirstTokenTimeout, TotalTimeout)):
                    raise
                if isinstance(error, ConnectionLost) and stale_left:
                    stale_left -= 1
                    continue
                pause = pause_before_retry(error, tries)
                if tries == MAX_TRIES or pause is None or pause >= watchdog.seconds_left():
                    raise
                logger.info("Provider call is tried again", extra=_facts(request, error, tries=tries, pause_seconds=round(pause, 2)))
                tries += 1
            await asyncio.sleep(pause)
    finally:
        watchdog.stop()


def pause_before_retry(error: ProviderError, tries: int) -> float | None:
    """Seconds to wait after the given number of tries; None when the provider asks for longer than we would wait.

    Full jitter (a random part of a doubling span) spreads callers that failed together; a wish of the provider is a
    minimum, so there the jitter comes on top.
    """
    span = min(LONGEST_PAUSE_SECONDS, BACKOFF_SECONDS * 2 ** (tries - 1))
    if error.retry_after is None:
        return random.uniform(0, span)  # noqa: S311  (spreading load, not a secret)
    if error.retry_after > LONGEST_PAUSE_SECONDS:
        return None
    return error.retry_after + random.uniform(0, 0.1 * span)  # noqa: S311


async def _one_try(engine: Engine, request: ChatRequest, timeouts: Timeouts, watchdog: Watchdog) -> AsyncGenerator[StreamEvent, None]:
    """One call of the engine under the watchdog. Raises `StreamCut` when it ends without `Finish`."""
    who = DISPLAY_NAMES[request.provider]
    patience = timeouts.first_token_seconds
    began = finished = False
    async with aclosing(engine.stream(request, connect_seconds=timeouts.connect_seconds)) as stream:
        advance = stream.__anext__
        while True:
            watchdog.wait(patience)
            try:
                event = await advance()
            except StopAsyncIteration:
                break
            except asyncio.CancelledError:
                expired = watchdog.claim()
                if expired is None:
                    raise
                raise _timeout(expired, began, who) from None
            finally:
                watchdog.rest()
            if not isinstance(event, _NO_CONTENT):
                began = True
                patience = timeouts.reasoning_seconds if isinstance(event, ReasoningDelta) else timeouts.idle_seconds
                finished = finished or isinstance(event, Finish)
            yield event
    if not finished:
        raise StreamCut(who)


def _timeout(expired: Expired, began: bool, who: str) -> ProviderError:
    if expired is Expired.TOTAL:
        return TotalTimeout(who)
    return StreamStalled(who) if began else FirstTokenTimeout(who)


def _facts(request: ChatRequest, error: ProviderError, **more: object) -> dict[str, object]:
    return {
        "provider": request.provider.value,
        "model": request.model,
        "request_key": request.request_key,
        "code": error.code,
        "detail": error.detail,
        **more,
    }
