"""Everything that all answers of a process have new, in one Redis pipeline every ~40 ms."""

from __future__ import annotations

import asyncio
import logging
import time

import redis

from conversations.runner.answer import Answer, Command
from core.redis import get_async_redis

logger = logging.getLogger(__name__)
News = tuple[Answer, list[Command]]

INTERVAL_SECONDS = 0.040
LONGEST_INTERVAL_SECONDS = 0.250
# So long without news, and the pages of an answer are shown what was not worth a rendering of its own while more was coming.
PAUSE_SECONDS = 0.300


class Ticker:
    """Answers say that they have news (`mark`); the first news of an answer goes out at once, the rest with the tick.

    One pipeline is in flight at a time, so the order of an answer's fragments is the order of its text. Under load
    the interval stretches: the work of a tick takes at most half of the time. Streams read in step with it (`pace`).
    Pages may lag by some words behind a long paragraph that grows; when the model pauses they are brought level.
    """

    def __init__(self) -> None:
        self._dirty: dict[Answer, None] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._due = 0.0
        self._sending: asyncio.Task[None] | None = None
        self._interval = INTERVAL_SECONDS
        self._beat = asyncio.Event()
        self._readers = 0
        self._urgent = False
        self._away = False
        self._pauses: dict[Answer, asyncio.TimerHandle] = {}

    def mark(self, answer: Answer, *, at_once: bool = False) -> None:
        if at_once or answer not in self._dirty:
            self._dirty[answer] = None
            self._urgent = self._urgent or at_once
            self._arm(0.0 if at_once else self._interval)

    async def pace(self) -> None:
        """Wait for the next tick; whatever is marked before the waiting task sleeps again goes out with it."""
        self._readers += 1
        try:
            self._arm(self._interval)
            await self._beat.wait()
        finally:
            self._readers -= 1

    async def flush(self, answer: Answer) -> None:
        """Send what this answer has new now, for the last time: its end, which is told next, brings pages the whole text."""
        self._dirty[answer] = None
        while answer in self._dirty or self._sending is not None:
            if self._sending is None:
                self._collect()
            if self._sending is not None:
                await asyncio.shield(self._sending)
        if answer in self._pauses:
            self._pauses.pop(answer).cancel()

    def _arm(self, seconds: float) -> None:
        if self._sending is not None:
            return  # the end of the sending looks again
        loop = asyncio.get_running_loop()
        due = loop.time() + seconds
        if self._timer is not None:
            if due >= self._due:
                return
            self._timer.cancel()
        self._due = due
        self._timer = loop.call_at(due, self._tick)

    def _tick(self) -> None:
        self._timer = None
        self._beat.set()
        self._beat.clear()
        # The readers that were woken take their turn first.
        asyncio.get_running_loop().call_soon(self._collect)

    def _collect(self) -> None:
        if self._sending is not None:
            return
        began = time.perf_counter()
        self._urgent = False
        answers, self._dirty = list(self._dirty), {}
        news = [(answer, commands) for answer in answers if (commands := answer.take_commands())]
        for answer, _ in news:
            self._watch(answer)
        if news:
            self._sending = asyncio.get_running_loop().create_task(self._send_tick(news, began))
        else:
            self._look_again()

    def _watch(self, answer: Answer) -> None:
        if answer.page_lags and answer not in self._pauses:
            later = asyncio.get_running_loop().call_later
            self._pauses[answer] = later(PAUSE_SECONDS, self._perhaps_paused, answer, answer.size)

    def _perhaps_paused(self, answer: Answer, size: int) -> None:
        del self._pauses[answer]
        if answer.size == size:
            answer.level_page()
            self.mark(answer, at_once=True)
        else:
            self._watch(answer)

    async def _send_tick(self, news: list[News], began: float) -> None:
        try:
            await self._send(news)
        finally:
            self._sending = None
            took = time.perf_counter() - began
            self._interval = min(LONGEST_INTERVAL_SECONDS, max(INTERVAL_SECONDS, 2 * took))
            self._look_again()

    def _look_again(self) -> None:
        if self._dirty or self._readers:
            self._arm(0.0 if self._urgent else self._interval)

    async def _send(self, news: list[News]) -> None:
        try:
            forgotten = await _deliver(news)
            if forgotten:  # Redis came back without its data, or heard something twice
                await _deliver([(answer, answer.whole_log()) for answer in forgotten])
        except (redis.RedisError, OSError) as error:
            for answer, _ in news:
                answer.log_broken = True
            if not self._away:
                self._away = True
                logger.warning("Live text cannot be sent; the answers go on", extra={"cause": repr(error)})
        else:
            self._away = False


async def _deliver(news: list[News]) -> list[Answer]:
    """Send all commands in one round trip. Returns the answers of which Redis turns out not to have the log."""
    pipeline = get_async_redis().pipeline(transaction=False)
    for _, commands in news:
        for command in commands:
            pipeline.execute_command(*command)
    results = iter(await pipeline.execute())
    forgotten: dict[Answer, None] = {}
    for answer, commands in news:
        for command in commands:
            result = next(results)
            if command[0] == "APPEND" and not answer.log_is_whole(str(command[1]), result):
                forgotten[answer] = None
    return list(forgotten)
