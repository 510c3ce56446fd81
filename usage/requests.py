"""What an address asks for: `?range=30d&by=model&chart=cost`, or `?range=own&from=2026-01-01&to=2026-01-31`."""

from __future__ import annotations

import enum
from datetime import date, datetime, tzinfo
from typing import TypeVar

from django.http import QueryDict

from core.exceptions import InvalidInput
from usage.periods import month_of
from usage.ranges import RangeName, UsageRange, make_range

E = TypeVar("E", bound=enum.StrEnum)


class Measure(enum.StrEnum):
    TOKENS = "tokens"
    COST = "cost"


def read_range(query: QueryDict, zone: tzinfo, now: datetime) -> UsageRange:
    """The range that is asked for, in the person's zone; without a word about it the running period. Raises `InvalidInput`."""
    name = read_choice(query, "range", RangeName.PERIOD)
    if name is not RangeName.OWN:
        return make_range(name, zone, now, month_of(now))
    return make_range(name, zone, now, month_of(now), read_day(query, "from"), read_day(query, "to"))


def read_choice(query: QueryDict, name: str, default: E) -> E:
    """One of the words of the default's enum. Raises `InvalidInput` that lists them."""
    word = query.get(name) or default.value
    try:
        return type(default)(word)
    except ValueError:
        raise InvalidInput(f"“{name}” is one of: {', '.join(choice.value for choice in type(default))}.") from None


def read_day(query: QueryDict, name: str) -> date | None:
    """A day such as 2026-11-22; None when nothing was given. Raises `InvalidInput`."""
    text = query.get(name, "").strip()
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise InvalidInput(f"“{name}” is a day such as 2026-11-22.") from None
