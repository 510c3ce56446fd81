"""Values of the meter. Pure; nothing here knows a provider, a conversation or a price list."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from usage.models_of_plans import includes


class Purpose(enum.StrEnum):
    """What a provider call was for."""

    CHAT = "chat"
    TITLE = "title"
    ADJUSTMENT = "adjustment"  # no call: a correction of earlier rows, from the provider's own report


class Confidence(enum.StrEnum):
    """How sure a ledger row is: the provider's figures, our estimate, or an estimate later confirmed."""

    REPORTED = "reported"
    ESTIMATED = "estimated"
    RECONCILED = "reconciled"


LEVELS = (80, 90, 100)  # percent of the tighter limit at which people are warned


class MailState(enum.StrEnum):
    """What became of the mail about a warning."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"  # after many tries
    NEEDLESS = "needless"  # a higher level was reached at once, or the warning is no longer true


class Grain(enum.IntEnum):
    """How long the span of a rollup is, in minutes."""

    DAY = 1440  # of UTC
    HOUR = 60
    QUARTER = 15


@dataclass(frozen=True, slots=True)
class TokenBuckets:
    """Tokens of one call, in buckets that do not overlap, except `reasoning`, which is a part of `output`."""

    fresh_input: int = 0
    cache_read: int = 0
    cache_write_5m: int = 0
    cache_write_1h: int = 0
    output: int = 0
    reasoning: int = 0

    @property
    def input_total(self) -> int:
        return self.fresh_input + self.cache_read + self.cache_write_5m + self.cache_write_1h

    @property
    def total(self) -> int:
        """What counts against a token allowance: all input and all output."""
        return self.input_total + self.output


@dataclass(frozen=True, slots=True)
class UnitPrices:
    """USD per million tokens, exact. `long_context` applies to the whole call when its input exceeds `long_context_above`."""

    input: Decimal = Decimal(0)
    output: Decimal = Decimal(0)
    cache_read: Decimal = Decimal(0)
    cache_write_5m: Decimal = Decimal(0)
    cache_write_1h: Decimal = Decimal(0)
    long_context_above: int | None = None
    long_context: UnitPrices | None = None


@dataclass(frozen=True, slots=True)
class HoldRequest:
    """A worst case to be set aside before a provider is called."""

    key: str  # idempotency: the same key again gives the same hold
    workspace_id: UUID
    tokens: int
    cost: Decimal
    source: str  # soft reference, "generation:<uuid>"
    lease_seconds: int = 120


@dataclass(frozen=True, slots=True)
class Call:
    """One provider call as it goes into the ledger."""

    key: str  # idempotency: one ledger row for each
    workspace_id: UUID
    user_id: UUID | None
    source: str
    purpose: Purpose
    provider: str
    model: str
    buckets: TokenBuckets
    prices: UnitPrices
    confidence: Confidence
    raw_usage: dict[str, Any] = field(default_factory=dict)
    called_at: datetime | None = None  # now, when not given
    api_key_id: UUID | None = None
    subject: str = ""  # what the call was made in: soft reference, "conversation:<uuid>"
    provider_call_id: str = ""  # the provider's own name of the call, for its reports


@dataclass(frozen=True, slots=True)
class Settled:
    """What a settlement wrote. `cost` in USD, exact."""

    ledger_entry_id: UUID
    tokens: int
    cost: Decimal


def percent_of_limits(
    tokens_used: int,
    tokens_limit: int | None,
    cost_used: Decimal,
    cost_limit: Decimal | None,
    least_tokens: int = 0,
    least_cost: Decimal = Decimal(0),
) -> int:
    """Use in percent of the tighter limit, rounded down; also above 100. 0 when unlimited.

    100 also where less is left than the smallest call needs (`least_...`): nobody can use that any more.
    """
    shares = []
    if tokens_limit is not None:
        share = 100 * tokens_used // tokens_limit if tokens_limit else 100
        shares.append(max(100, share) if tokens_limit - tokens_used < least_tokens else share)
    if cost_limit is not None:
        share = int(100 * cost_used / cost_limit) if cost_limit else 100
        shares.append(max(100, share) if cost_limit - cost_used < least_cost else share)
    return max(shares, default=0)


@dataclass(frozen=True, slots=True)
class Balance:
    """What is left in the running period. A limit of None means unlimited."""

    plan_code: str
    plan_name: str
    tokens_limit: int | None
    tokens_used: int
    tokens_held: int
    cost_limit: Decimal | None
    cost_used: Decimal
    cost_held: Decimal
    period_start: datetime
    period_end: datetime
    model_keys: tuple[str, ...] = ()  # keys or patterns of the models that the plan includes; none: all
    requests_per_minute: int | None = None  # None: unlimited
    least_tokens: int = 0  # what the smallest call needs, as far as a refusal has told (`services.note_refusal`)
    least_cost: Decimal = Decimal(0)

    def includes(self, model_key: str) -> bool:
        """Whether the plan has this model ("<provider>:<model id>")."""
        return includes(self.model_keys, model_key)

    @property
    def tokens_left(self) -> int | None:
        """Room for new holds, never negative."""
        if self.tokens_limit is None:
            return None
        return max(0, self.tokens_limit - self.tokens_used - self.tokens_held)

    @property
    def cost_left(self) -> Decimal | None:
        if self.cost_limit is None:
            return None
        return max(Decimal(0), self.cost_limit - self.cost_used - self.cost_held)

    def has_room(self, tokens: int, cost: Decimal) -> bool:
        """Whether so much (USD) could be held now."""
        return (self.tokens_left is None or tokens <= self.tokens_left) and (self.cost_left is None or cost <= self.cost_left)

    @property
    def percent_of_tokens(self) -> int:
        """Settled use in percent of the limit of tokens, rounded down; also above 100. 0 when unlimited."""
        if self.tokens_limit is None:
            return 0
        return 100 * self.tokens_used // self.tokens_limit if self.tokens_limit else 100

    @property
    def percent_used(self) -> int:
        """Settled use in percent of the tighter limit, rounded down, at least 0, at most 100; 0 when unlimited.

        100 when what is left has no room for the smallest call: what warnings, their mails, the meter and the page go by.
        """
        figures = (self.tokens_used, self.tokens_limit, self.cost_used, self.cost_limit)
        return max(0, min(100, percent_of_limits(*figures, self.least_tokens, self.least_cost)))


@dataclass(frozen=True, slots=True)
class Drift:
    """A counter of a period that differs from what the ledger and the live holds add up to."""

    workspace_id: UUID
    period_start: datetime
    counter: str  # tokens_used, tokens_held, cost_used, cost_held
    recorded: Decimal
    actual: Decimal

    @property
    def difference(self) -> Decimal:
        return self.recorded - self.actual


@dataclass(frozen=True, slots=True)
class Name:
    """What a reference is called on screen, and where it leads (empty: nowhere)."""

    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class RollupDrift:
    """A UTC day of a workspace whose rollups are not what its ledger entries add up to (in these or other sums)."""

    table: str
    grain: Grain
    workspace_id: UUID
    day: datetime
    tokens: int
    tokens_in_ledger: int
    cost: Decimal
    cost_in_ledger: Decimal


@dataclass(frozen=True, slots=True)
class EntryFigures:
    """What one source used, over all calls made for it. `cost` in USD, exact."""

    buckets: TokenBuckets
    tokens: int
    cost: Decimal
    confidence: Confidence  # the least sure of its calls
    calls: int
