"""Reading in step: a process that passes text on every 40 ms need not wake up for every token.

Streams of one task read what has arrived, then wait for the next beat before they read on. What arrives in between is
read at once and yielded as one piece. The first content of an answer never waits.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from contextvars import ContextVar

from providers.types import StreamEvent, TextDelta

Pace = Callable[[], Awaitable[None]]
_pace: ContextVar[Pace | None] = ContextVar("providers_pace", default=None)


def read_in_step(pace: Pace) -> None:
    """From now on, streams that this task reads await `pace()` between two reads. Without it they read as data arrives."""
    _pace.set(pace)


def current_pace() -> Pace | None:
    return _pace.get()


def join_text(events: Iterable[StreamEvent]) -> list[StreamEvent]:
    """The same events with neighbouring texts as one."""
    joined: list[StreamEvent] = []
    for event in events:
        last = joined[-1] if joined else None
        if type(event) is TextDelta and type(last) is TextDelta:
            joined[-1] = TextDelta(last.text + event.text)
        else:
            joined.append(event)
    return joined
