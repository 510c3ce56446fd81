"""All answers that this process writes: one event loop in a thread of its own, and what they need in common.

Celery's threads only wait here; the work is done by the loop, so that connections to providers are pooled and
hundreds of answers fit in one process. Housekeeping is done for all answers in one statement each.
"""

from __future__ import annotations

import asyncio
import logging
import os
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db import Error as DatabaseError
from django.utils import timezone
from psycopg_pool import PoolTimeout

from conversations.models import Generation
from conversations.runner.answer import Answer
from conversations.runner.ticker import Ticker
from conversations.services.sweep_generations import HEARTBEAT_SECONDS
from conversations.states import GenerationState
from core.db_pool import in_db
from usage.services import renew

logger = logging.getLogger(__name__)
T = TypeVar("T")

STOP_POLL_SECONDS = 0.12
CHECKPOINT_SECONDS = 3.0


class Host:
    """The running answers of this process, and the coroutines that look after them."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.ticker = Ticker()
        self.answers: dict[UUID, Answer] = {}
        threading.Thread(target=self._serve, name="generations-loop", daemon=True).start()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine on the loop and wait for it, from any other thread."""
        future: Future[T] = asyncio.run_coroutine_threadsafe(work, self.loop)
        return future.result()

    def _serve(self) -> None:
        asyncio.set_event_loop(self.loop)
        self.loop.create_task(self._every(STOP_POLL_SECONDS, self._honour_stops))
        self.loop.create_task(self._every(HEARTBEAT_SECONDS, self._beat))
        self.loop.create_task(self._every(CHECKPOINT_SECONDS, self._checkpoint))
        self.loop.run_forever()

    async def _every(self, seconds: float, work: Any) -> None:
        while True:
            await asyncio.sleep(seconds)
            if not self.answers:
                continue
            try:
                await work(list(self.answers.values()))
            except (DatabaseError, PoolTimeout) as error:
                logger.warning("Housekeeping failed; it is tried again", extra={"work": work.__name__, "cause": repr(error)})
            except Exception:
                logger.exception("Housekeeping failed", extra={"work": work.__name__})

    async def _honour_stops(self, answers: list[Answer]) -> None:
        for generation_id in await in_db(_stops_among, [answer.id for answer in answers]):
            answer = self.answers.get(generation_id)
            if answer is not None and not answer.stop_requested:
                answer.stop_requested = True
                if answer.task is not None:
                    answer.task.cancel()

    async def _beat(self, answers: list[Answer]) -> None:
        alive = await in_db(_beat_for, [answer.id for answer in answers], [answer.job.hold_key for answer in answers])
        for answer in answers:
            # Gone from `running` though it is still being written: the sweeper took this process for dead.
            if answer.id not in alive and answer.id in self.answers and answer.task is not None and not answer.task.done():
                answer.lost = True
                answer.task.cancel()

    async def _checkpoint(self, answers: list[Answer]) -> None:
        changed = [answer for answer in answers if answer.size != answer.checkpointed]
        if not changed:
            return
        sizes = [answer.size for answer in changed]
        rows = [(answer.job.message_id, answer.text, answer.reasoning) for answer in changed]
        told = [answer for answer in changed if not answer.checkpointed or (answer.has_thought and not answer.thought_checkpointed)]
        thought = [answer for answer in told if answer.has_thought]
        times = [(answer.first_token_at, answer.reasoning_seconds if answer.has_thought else None, answer.id) for answer in told]
        await in_db(_write_checkpoint, rows, times)
        for answer in thought:
            answer.thought_checkpointed = True
        for answer, size in zip(changed, sizes, strict=True):
            answer.checkpointed = size


def _stops_among(generation_ids: list[UUID]) -> list[UUID]:
    return list(
        Generation.objects.filter(id__in=generation_ids, stop_requested_at__isnull=False, state=GenerationState.RUNNING).values_list(
            "id", flat=True
        )
    )


def _beat_for(generation_ids: list[UUID], hold_keys: list[str]) -> set[UUID]:
    running = Generation.objects.filter(id__in=generation_ids, state=GenerationState.RUNNING)
    running.update(heartbeat_at=timezone.now())
    renew(hold_keys)
    return set(running.values_list("id", flat=True))


def _write_checkpoint(rows: list[tuple[UUID, str, str]], times: list[tuple[datetime | None, float | None, UUID]]) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        # Never over a finished text: the end of a generation writes the whole and is the last to write.
        cursor.executemany(
            "UPDATE conversations_message SET text = %s, reasoning = %s WHERE id = %s AND EXISTS ("
            "SELECT 1 FROM conversations_generation g WHERE g.message_id = conversations_message.id AND g.state = 'running')",
            [(text, reasoning, message_id) for message_id, text, reasoning in rows],
        )
        if times:
            cursor.executemany(
                "UPDATE conversations_generation SET first_token_at = %s, reasoning_seconds = %s WHERE id = %s AND state = 'running'", times
            )


_lock = threading.Lock()
_host: tuple[int, Host] | None = None


def get_host() -> Host:
    """The host of this process; a forked child gets its own."""
    global _host
    with _lock:
        if _host is None or _host[0] != os.getpid():
            _host = (os.getpid(), Host())
        return _host[1]
