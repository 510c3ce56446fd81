"""What an import would do: values between reading, preview and posting."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from usage.reports.compare import NOTHING, DayReport, Difference, Sum
from usage.reports.types import ReportSource, Tokens
from usage.types import Confidence

SAMPLES = 50
MOST_NOTES = 100


@dataclass(frozen=True, slots=True)
class ReportFile:
    """A file that somebody wants to import, and how it is to be read."""

    source: ReportSource
    name: str
    size: int
    digest: str  # SHA-256
    provider: str  # whose calls in the ledger it is about
    label: str = ""  # only lines of this key, project or workspace
    share: bool = False  # differences of days go to the workspaces that used the model on that day


@dataclass(frozen=True, slots=True)
class Adjustment:
    """A row to be added to the ledger. `facts` are the columns that it has from the entry it adjusts, or from its day."""

    key: str
    workspace_id: UUID
    period_id: UUID | None  # None: the one that holds `called_at`
    model: str
    called_at: datetime
    difference: Difference
    confidence: Confidence
    row: int
    reasoning: int = 0
    calls: int = 0  # an estimate that is taken back is a call less among the estimated ones
    adjusts: UUID | None = None
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PlatformPosting:
    """A platform entry to be added."""

    key: str
    day: date
    model: str
    difference: Difference


@dataclass(frozen=True, slots=True)
class CallChange:
    """A call for which the report has other figures."""

    row: int
    call_id: str
    called_at: datetime
    model: str
    before: Sum
    difference: Difference
    was_estimated: bool


@dataclass(frozen=True, slots=True)
class DayComparison:
    """A model on a day: the report, the ledger of all workspaces, what the platform carried before, and what is missing."""

    report: DayReport
    model: str  # the ledger's name
    ours: Sum
    platform: Sum
    difference: Difference
    estimates: int  # calls whose figures are our own estimate until now

    @property
    def agrees(self) -> bool:
        return not self.difference


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A row of the report that the ledger does not know."""

    row: int
    day: date
    name: str
    why: str
    cost: Decimal | None = None


@dataclass(slots=True)
class Plan:
    """All that an import of this file would post now. Nothing is written by making one."""

    file: ReportFile
    rows: int = 0
    first_day: date | None = None
    last_day: date | None = None
    calls_confirmed: int = 0
    calls: list[CallChange] = field(default_factory=list)
    days: list[DayComparison] = field(default_factory=list)
    unmatched: list[Unmatched] = field(default_factory=list)  # the first ones
    unmatched_rows: int = 0
    notes: list[str] = field(default_factory=list)
    adjustments: list[Adjustment] = field(default_factory=list)
    platform: list[PlatformPosting] = field(default_factory=list)

    def see(self, day: date) -> None:
        self.first_day = day if self.first_day is None else min(day, self.first_day)
        self.last_day = day if self.last_day is None else max(day, self.last_day)

    def note(self, words: str) -> None:
        """What was left out, and why; beyond a good number one line for all others."""
        if len(self.notes) < MOST_NOTES:
            self.notes.append(words)
        elif len(self.notes) == MOST_NOTES:
            self.notes.append("There is more of this kind.")

    def miss(self, row: Unmatched, rows: int = 1) -> None:
        self.unmatched_rows += rows
        if len(self.unmatched) < SAMPLES:
            self.unmatched.append(row)

    @property
    def confirmed(self) -> int:
        return self.calls_confirmed + sum(day.agrees for day in self.days)

    @property
    def posts(self) -> int:
        return len(self.adjustments) + len(self.platform)

    @property
    def workspaces(self) -> int:
        return len({row.workspace_id for row in self.adjustments})

    @property
    def tokens(self) -> int:
        """Added to the ledger of workspaces."""
        return sum(row.difference.tokens.total for row in self.adjustments)

    @property
    def cost(self) -> Decimal:
        return sum((row.difference.cost for row in self.adjustments), NOTHING)

    @property
    def platform_tokens(self) -> int:
        return sum(row.difference.tokens.total for row in self.platform)

    @property
    def platform_cost(self) -> Decimal:
        return sum((row.difference.cost for row in self.platform), NOTHING)

    @property
    def fingerprint(self) -> str:
        """Changes with anything that would be posted: what was previewed is what is confirmed."""
        digest = hashlib.sha256()
        for row in self.adjustments:
            digest.update(repr((row.key, row.workspace_id, row.confidence, *_values(row.difference))).encode())
        for entry in self.platform:
            digest.update(repr((entry.key, *_values(entry.difference))).encode())
        return digest.hexdigest()


def _values(difference: Difference) -> tuple[object, ...]:
    return (*difference.tokens.values().values(), str(difference.cost.normalize()))


def tokens_words(tokens: Tokens) -> str:
    """`+12 output, -3 fresh input`, for lists; empty when nothing differs."""
    return ", ".join(f"{value:+,} {name.replace('_', ' ')}" for name, value in tokens.values().items() if value)
