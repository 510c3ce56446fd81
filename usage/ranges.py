"""The span of time that somebody asks about, and how it is cut for a chart: in their own days. Pure."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo

from core.exceptions import InvalidInput
from usage.periods import Span

LONGEST_DAYS = 1100
_DAYS_IN_A_CHART = 92


class RangeName(enum.StrEnum):
    TODAY = "today"
    WEEK = "7d"
    MONTH = "30d"
    PERIOD = "period"
    OWN = "own"


class Step(enum.StrEnum):
    """How long a part is, on the clock and the calendar of the range's time zone."""

    HOUR = "hour"
    DAY = "day"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class UsageRange:
    """From the first of `boundaries` (inside) to the last (outside), all UTC; each neighbouring two are a part of the chart."""

    name: RangeName
    zone: tzinfo
    step: Step
    boundaries: tuple[datetime, ...]

    @property
    def starts_at(self) -> datetime:
        return self.boundaries[0]

    @property
    def ends_at(self) -> datetime:
        return self.boundaries[-1]

    @property
    def parts(self) -> tuple[datetime, ...]:
        """The beginning of each part."""
        return self.boundaries[:-1]


def make_range(
    name: RangeName, zone: tzinfo, now: datetime, period: Span, first: date | None = None, last: date | None = None
) -> UsageRange:
    """The range of this name, as it is at `now`. `first` and `last` day (both inside) are for `RangeName.OWN`.

    Days begin when they begin in `zone`, also where clocks change at midnight. A period begins and ends when it does, so
    its first and last day may be shorter. What lies ahead is the end of the last part. Raises `InvalidInput`.
    """
    today = now.astimezone(zone).date()
    if name is RangeName.PERIOD:
        return _cut(name, zone, period.starts_at, period.ends_at, today)
    if name is RangeName.OWN:
        first, last = _checked(first, last)
    else:
        first, last = today - timedelta(days={RangeName.TODAY: 0, RangeName.WEEK: 6, RangeName.MONTH: 29}[name]), today
    return _cut(name, zone, _begin(first, zone), _begin(last + timedelta(days=1), zone), today)


def _checked(first: date | None, last: date | None) -> tuple[date, date]:
    if first is None or last is None:
        raise InvalidInput("Choose the first and the last day.")
    if last < first:
        raise InvalidInput("The last day is before the first. Exchange them.")
    if (last - first).days >= LONGEST_DAYS:
        raise InvalidInput(f"Choose at most {LONGEST_DAYS:,} days.")
    if not 2000 <= first.year <= last.year <= 2200:
        raise InvalidInput("Choose days of this century.")
    return first, last


def _cut(name: RangeName, zone: tzinfo, starts_at: datetime, ends_at: datetime, today: date) -> UsageRange:
    first, last = starts_at.astimezone(zone).date(), (ends_at - timedelta(microseconds=1)).astimezone(zone).date()
    if first == last:
        step, inner = Step.HOUR, list(_hours(starts_at, ends_at))
    elif (last - first).days < _DAYS_IN_A_CHART:
        shown = max(first, min(last, today)) if name is not RangeName.OWN else last
        step, inner = Step.DAY, [_begin(first + timedelta(days=day), zone) for day in range(1, (shown - first).days + 1)]
    else:
        step, inner = Step.MONTH, [_begin(month, zone) for month in _months(first, last)]
    return UsageRange(name, zone, step, (starts_at.astimezone(UTC), *inner, ends_at.astimezone(UTC)))


def _begin(day: date, zone: tzinfo) -> datetime:
    """The moment at which a day begins. Where its midnight is skipped: the moment of the skip; where it comes twice: the first."""
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


def _hours(starts_at: datetime, ends_at: datetime) -> Iterator[datetime]:
    moment = starts_at.astimezone(UTC) + timedelta(hours=1)
    while moment < ends_at:
        yield moment
        moment += timedelta(hours=1)


def _months(first: date, last: date) -> Iterator[date]:
    """The first days of the months after that of `first`, up to that of `last`."""
    month = first.replace(day=1)
    while (month := (month + timedelta(days=32)).replace(day=1)) <= last:
        yield month
