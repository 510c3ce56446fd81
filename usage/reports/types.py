"""Values of reconciliation. Frozen; money is `Decimal` USD, days are UTC."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from core.exceptions import InvalidInput

BUCKETS = ("fresh_input", "cache_read", "cache_write_5m", "cache_write_1h", "output")
ALL_BUCKETS = frozenset(BUCKETS)


class ReportSource(enum.StrEnum):
    """Whose report it is, which decides how it is read."""

    OPENAI = "openai"
    ANTHROPIC = "anthropic"
    OPENROUTER = "openrouter"

    @property
    def ledger_provider(self) -> str:
        """The provider that such calls usually have in the ledger: OpenRouter is spoken to as to any compatible server."""
        return "openai_compatible" if self is ReportSource.OPENROUTER else self.value


class UnreadableReport(InvalidInput):
    """The file is no report that we can trust. `row`: which line or result, from 1; 0 for the file as a whole."""

    code = "unreadable_report"

    def __init__(self, message: str, row: int = 0) -> None:
        self.row = row
        super().__init__(f"Row {row}: {message}" if row else message)


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a report is read. Beyond it is refused, never cut."""

    file_bytes: int = 32 * 1024 * 1024
    rows: int = 200_000


@dataclass(frozen=True, slots=True)
class Tokens:
    """Tokens that a report tells. Of input what is not among `told` is part of `fresh_input`. Negative in a difference."""

    fresh_input: int = 0
    cache_read: int = 0
    cache_write_5m: int = 0
    cache_write_1h: int = 0
    output: int = 0
    told: frozenset[str] = ALL_BUCKETS

    @property
    def total(self) -> int:
        return self.fresh_input + self.cache_read + self.cache_write_5m + self.cache_write_1h + self.output

    @staticmethod
    def of(values: Mapping[str, int], told: frozenset[str] = ALL_BUCKETS) -> Tokens:
        """From numbers by the names of their buckets."""
        fresh, read, short, long, output = (values[name] for name in BUCKETS)
        return Tokens(fresh, read, short, long, output, told)

    def values(self) -> dict[str, int]:
        return {name: getattr(self, name) for name in BUCKETS}


NO_TOKENS = Tokens()


@dataclass(frozen=True, slots=True)
class Span:
    """A time that the report speaks about, also where it says that nothing was used."""

    starts_at: datetime
    ends_at: datetime
    row: int


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One row of a report: a call (with `call_id`) or the sum of a day. What it does not tell is None."""

    row: int
    day: date
    model: str
    tokens: Tokens | None = None
    cost: Decimal | None = None
    slack: Decimal = Decimal(0)  # a difference up to this is the rounding of the report's own figures
    calls: int | None = None
    call_id: str = ""
    native_tokens: bool = True  # False: counted with a tokenizer that is not the model's
    labels: tuple[str, ...] = field(default=())  # key, project, workspace
