"""What a report says against what the ledger says, in tokens and money. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_EVEN, Context, Decimal, localcontext

from usage.pricing import COST_DECIMALS
from usage.reports.fields import added
from usage.reports.types import ALL_BUCKETS, BUCKETS, NO_TOKENS, ReportLine, Span, Tokens, UnreadableReport

NOTHING = Decimal(0)
_PLACES = Decimal(1).scaleb(-COST_DECIMALS)
_WIDE = Context(prec=80, rounding=ROUND_HALF_EVEN)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Sum:
    """Tokens and USD of some rows of the ledger."""

    tokens: Tokens = NO_TOKENS
    cost: Decimal = NOTHING
    calls: int = 0

    def __add__(self, other: Sum) -> Sum:
        return Sum(plus(self.tokens, other.tokens), self.cost + other.cost, self.calls + other.calls)


@dataclass(frozen=True, slots=True)
class Difference:
    """What has to be added to ours so that it says what they say. What they do not tell does not differ."""

    tokens: Tokens = NO_TOKENS
    cost: Decimal = NOTHING

    def __bool__(self) -> bool:
        return bool(self.cost) or any(self.tokens.values().values())

    def __neg__(self) -> Difference:
        return Difference(minus(NO_TOKENS, self.tokens), -self.cost)


@dataclass(slots=True)
class DayReport:
    """All that a report says of one model on one day, added up."""

    day: date
    model: str  # as the report names it
    row: int  # the first one
    tokens: Tokens | None = None
    cost: Decimal | None = None
    slack: Decimal = NOTHING
    calls: int | None = None
    names: set[str] = field(default_factory=set)

    def add(self, line: ReportLine) -> None:
        self.names.add(line.model)
        if line.tokens is not None:
            self.tokens = line.tokens if self.tokens is None else plus(self.tokens, line.tokens)
        if line.cost is not None:
            self.cost = line.cost if self.cost is None else added(self.cost, line.cost)
            self.slack += line.slack
        if line.calls is not None:
            self.calls = (self.calls or 0) + line.calls

    def join(self, other: DayReport) -> None:
        """Two names of one model of the ledger."""
        self.add(ReportLine(other.row, other.day, other.model, other.tokens, other.cost, other.slack, other.calls))


class Coverage:
    """Which days the report speaks about from midnight to midnight."""

    def __init__(self) -> None:
        self._spans: dict[date, dict[tuple[datetime, datetime], int]] = {}

    def add(self, span: Span) -> None:
        self._spans.setdefault(span.starts_at.date(), {})[span.starts_at, span.ends_at] = span.row

    @property
    def days(self) -> list[date]:
        return sorted(self._spans)

    def is_whole(self, day: date) -> bool:
        """Raises `UnreadableReport` where two spans overlap: what is in both would count twice."""
        spans = sorted((start, end, row) for (start, end), row in self._spans.get(day, {}).items())
        length, last = timedelta(), None
        for start, end, row in spans:
            if last is not None and start < last:
                raise UnreadableReport("This time overlaps with that of another row.", row)
            length, last = length + (end - start), end
        return length == _DAY


def plus(one: Tokens, other: Tokens) -> Tokens:
    """The sum, in the buckets that both tell; what only one tells apart is fresh input of the sum."""
    told = one.told & other.told
    sums = {name: value + getattr(other, name) for name, value in one.values().items()}
    return Tokens.of(_lumped(sums, told), told)


def minus(one: Tokens, other: Tokens) -> Tokens:
    return plus(one, Tokens.of({name: -value for name, value in other.values().items()}, other.told))


def difference(tokens: Tokens | None, cost: Decimal | None, ours: Sum, slack: Decimal = NOTHING) -> Difference:
    """Theirs less ours. Money is rounded to the ledger's last decimal, once, and up to `slack` it is the report's own rounding."""
    more = NO_TOKENS if tokens is None else Tokens.of(minus(tokens, ours.tokens).values())
    money = NOTHING
    if cost is not None:
        with localcontext(_WIDE):
            money = (cost - ours.cost).quantize(_PLACES)
        if abs(money) <= slack:
            money = NOTHING
    return Difference(more, money)


def _lumped(values: dict[str, int], told: frozenset[str]) -> dict[str, int]:
    if told == ALL_BUCKETS:
        return values
    untold = [name for name in BUCKETS if name not in told and name != "fresh_input"]
    return {**values, "fresh_input": values["fresh_input"] + sum(values[name] for name in untold), **dict.fromkeys(untold, 0)}
