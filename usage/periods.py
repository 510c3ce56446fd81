"""Which period a moment belongs to. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True, slots=True)
class Span:
    """From `starts_at` (inside) to `ends_at` (outside), both UTC."""

    starts_at: datetime
    ends_at: datetime

    def __contains__(self, moment: datetime) -> bool:
        return self.starts_at <= moment < self.ends_at


def month_of(moment: datetime) -> Span:
    """The calendar month in UTC that holds `moment`: the period of every workspace without a subscription.

    UTC, so that every member of a team and every process sees one and the same border.
    """
    start = moment.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    end = start.replace(year=start.year + 1, month=1) if start.month == 12 else start.replace(month=start.month + 1)
    return Span(start, end)
