"""When the plan ends at the pace of the last days. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from usage.exceptions import Unit
from usage.figures import Figures, summed
from usage.types import Balance

DAYS = 7
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Forecast:
    """What the period comes to at the pace of the last week. `ends_at`: when the plan's limit in `unit` is reached, if it is."""

    tokens: int
    cost: Decimal
    unit: Unit | None = None
    ends_at: datetime | None = None


def boundaries(now: datetime) -> list[datetime]:
    """The last seven times 24 hours: what `forecast` wants the sums of, the oldest first."""
    end = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return [end - _DAY * days for days in range(DAYS, -1, -1)]


def forecast(balance: Balance, days: Sequence[Figures], now: datetime) -> Forecast | None:
    """At the mean of the last seven days, counted from the first with any use. None when nothing was used lately.

    Of two limits the one that is reached first is told. One that is reached already ends now.
    """
    first = next((number for number, day in enumerate(days) if day.tokens > 0 or day.cost > 0), None)
    if first is None:
        return None
    used, span = summed(days), len(days) - first
    left = Decimal((balance.period_end - now) / _DAY)
    tokens_a_day, cost_a_day = Decimal(used.tokens) / span, used.cost / span
    ends: list[tuple[datetime, Unit]] = [
        (now + _DAY * float(rest / pace), unit)
        for unit, rest, pace in _rests(balance, tokens_a_day, cost_a_day)
        if rest is not None and pace > 0 and rest / pace < left
    ]
    tokens, cost = balance.tokens_used + round(tokens_a_day * left), balance.cost_used + cost_a_day * left
    if not ends:
        return Forecast(tokens, cost)
    ends_at, unit = min(ends)
    return Forecast(tokens, cost, unit, ends_at)


def _rests(balance: Balance, tokens_a_day: Decimal, cost_a_day: Decimal) -> list[tuple[Unit, Decimal | None, Decimal]]:
    return [
        ("tokens", _rest(balance.tokens_limit, balance.tokens_used, balance.least_tokens), tokens_a_day),
        ("cost", _rest(balance.cost_limit, balance.cost_used, balance.least_cost), cost_a_day),
    ]


def _rest(limit: Decimal | int | None, used: Decimal | int, least: Decimal | int) -> Decimal | None:
    """What can still be used: nothing, where it is less than the smallest call needs. None: without an end."""
    if limit is None:
        return None
    return Decimal(limit - used) if limit - used >= least else Decimal(0)
