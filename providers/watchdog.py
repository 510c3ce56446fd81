"""Time limits for a stream at the price of two clock readings an event instead of a timer an event."""

from __future__ import annotations

import asyncio
import enum


class Expired(enum.Enum):
    PATIENCE = "patience"  # the wait for one event
    TOTAL = "total"  # the whole call


class Watchdog:
    """Ends a wait by cancelling the task that waits, as `asyncio.timeout` does, but with one timer for many waits.

    The timer is not moved at every event: when it rings, it looks at the limit that holds by then and goes back to sleep
    until it. Time the consumer spends between two waits counts against the total only, and never interrupts the consumer.
    """

    def __init__(self, total_seconds: float) -> None:
        self._loop = asyncio.get_running_loop()
        self._ends_at = self._loop.time() + total_seconds
        self._limit_at = 0.0
        self._waiting: asyncio.Task[object] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._timer_at = 0.0
        self._expired: tuple[Expired, asyncio.Task[object], int] | None = None

    def seconds_left(self) -> float:
        return self._ends_at - self._loop.time()

    def wait(self, patience_seconds: float) -> None:
        """The running task is about to wait for at most that long."""
        self._limit_at = min(self._loop.time() + patience_seconds, self._ends_at)
        self._waiting = asyncio.current_task()
        if self._timer is None or self._limit_at < self._timer_at:
            self._set_timer()

    def rest(self) -> None:
        """The wait is over."""
        self._waiting = None

    def claim(self) -> Expired | None:
        """Called with a `CancelledError` in hand: which limit caused it, or None when somebody else cancelled the task (too)."""
        if self._expired is None:
            return None
        (expired, task, cancelled_before), self._expired = self._expired, None
        return expired if task.uncancel() <= cancelled_before else None

    def stop(self) -> None:
        self._waiting = None
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _set_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer_at = self._limit_at
        self._timer = self._loop.call_at(self._limit_at, self._ring)

    def _ring(self) -> None:
        self._timer = None
        task = self._waiting
        if task is None:
            return  # the next wait sets a timer again
        now = self._loop.time()
        if now < self._limit_at:
            self._set_timer()
            return
        self._expired = (Expired.TOTAL if now >= self._ends_at else Expired.PATIENCE, task, task.cancelling())
        self._waiting = None
        task.cancel()
