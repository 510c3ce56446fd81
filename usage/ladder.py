"""Which rollups make up a span of time, exactly. Pure.

A span is covered from the largest steps down: whole UTC days inside, hours up to its ends, quarters of an hour at zones
such as +05:30, and single entries where an end lies within a quarter (a billing period that began at 14:23:11).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from usage.types import Grain

_STEPS = (Grain.DAY, Grain.HOUR, Grain.QUARTER)


@dataclass(frozen=True, slots=True)
class Rung:
    """From `starts_at` (inside) to `ends_at` (outside), to be read at this grain; None: the entries themselves. `part` is whose it is."""

    part: int
    grain: Grain | None
    starts_at: datetime
    ends_at: datetime


def rungs(boundaries: Sequence[datetime], steps: Sequence[Grain] = _STEPS, *, first_part: int = 0) -> list[Rung]:
    """The spans between neighbouring boundaries (numbered from `first_part`), covered without gap or overlap by whole steps.

    `steps` are the grains that the table to be read has, the longest first.
    """
    found: list[Rung] = []
    for part, (start, end) in enumerate(pairwise(boundaries), first_part):
        found.extend(_cover(part, start.astimezone(UTC), end.astimezone(UTC), tuple(steps)))
    return found


def _cover(part: int, start: datetime, end: datetime, steps: tuple[Grain, ...]) -> Iterator[Rung]:
    if start >= end:
        return
    if not steps:
        yield Rung(part, None, start, end)
        return
    step, smaller = steps[0], steps[1:]
    inside_from, inside_to = _EPOCH - _floor(_EPOCH - start, step), _EPOCH + _floor(end - _EPOCH, step)
    if inside_from >= inside_to:
        yield from _cover(part, start, end, smaller)
        return
    yield from _cover(part, start, inside_from, smaller)
    yield Rung(part, step, inside_from, inside_to)
    yield from _cover(part, inside_to, end, smaller)


def _floor(span: timedelta, step: Grain) -> timedelta:
    """The span cut to whole steps, towards the past."""
    width = timedelta(minutes=step.value)
    return span // width * width


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
