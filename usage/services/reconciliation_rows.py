"""From a difference to the rows that take it in: who carries it, and what the rows say."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from usage.models import LedgerEntry
from usage.pricing import COST_DECIMALS
from usage.reports.apportion import apportion
from usage.reports.compare import Difference, Sum, difference
from usage.reports.plan import Adjustment, DayComparison, Plan, PlatformPosting
from usage.reports.types import BUCKETS, NO_TOKENS, Tokens
from usage.selectors.reconciliation import KnownCall, midnight
from usage.types import Confidence

_NOON = timedelta(hours=12)
_FROM_ENTRY = (
    "user_id",
    "api_key_id",
    "source",
    "subject",
    "price_input",
    "price_cache_read",
    "price_cache_write_5m",
    "price_cache_write_1h",
    "price_output",
)


def correct_call(call: KnownCall, off: Difference, row: int) -> list[Adjustment]:
    """The rows that make a call say what the report says. An estimate is taken back and stated anew, also when it was right."""
    if call.entry.confidence == Confidence.ESTIMATED and not call.covered:
        return take_back(call, row, off)
    return [_of_call(call, off, row, Confidence.RECONCILED, call.adjustments)]


def take_back(call: KnownCall, row: int, off: Difference | None = None) -> list[Adjustment]:
    """Two rows: the estimate with its sign turned, and the figures that a report stands for. Together they are the difference.

    So the sums by confidence tell everywhere what is still an estimate, and no row of the ledger is touched.
    """
    entry, estimate = call.entry, Difference(call.now.tokens, call.now.cost)
    off = off or Difference()
    stated = Difference(_plus(estimate.tokens, off.tokens), estimate.cost + off.cost)
    return [
        _of_call(call, -estimate, row, Confidence.ESTIMATED, call.adjustments, calls=-1, reasoning=-entry.reasoning),
        _of_call(call, stated, row, Confidence.RECONCILED, call.adjustments + 1, calls=1, reasoning=entry.reasoning),
    ]


def carry_day(plan: Plan, day: DayComparison, users: Mapping[UUID, Sum], guesses: Mapping[UUID, Sum], revision: int) -> bool:
    """Post the difference of a day to the platform, or share it out. True: the workspaces' rows now say what the report says."""
    if plan.file.share and users:
        try:
            return _share(plan, day, users, guesses, revision)
        except ValueError:
            plan.note(f"{day.report.day}, {day.model}: more would be given back than was used, so the platform keeps the difference.")
    if day.difference:
        key = f"platform:{plan.file.provider}:{_short(day.model)}:{day.report.day}:{revision}"
        plan.platform.append(PlatformPosting(key, day.report.day, day.model, day.difference))
    return day.agrees and not any(day.platform.tokens.values().values())


def _share(plan: Plan, day: DayComparison, users: Mapping[UUID, Sum], guesses: Mapping[UUID, Sum], revision: int) -> bool:
    """The workspaces take over all that differs, and what the platform carried goes back to zero."""
    report = day.report
    off = difference(report.tokens, report.cost, day.ours, report.slack)
    parts = _parts(off, users, guesses)
    told_tokens = day.platform.tokens if report.tokens is not None else NO_TOKENS
    back = -Difference(told_tokens, day.platform.cost if report.cost is not None else Decimal(0))
    if back:
        key = f"platform:{plan.file.provider}:{_short(day.model)}:{report.day}:{revision}"
        plan.platform.append(PlatformPosting(key, report.day, day.model, back))
    for workspace, part in parts.items():
        if part:
            plan.adjustments.append(
                Adjustment(
                    key=f"adjustment:{plan.file.provider}:{_short(day.model)}:{report.day}:{workspace}:{revision}",
                    workspace_id=workspace,
                    period_id=None,
                    model=day.model,
                    called_at=midnight(report.day) + _NOON,  # the same day for nearly everybody who looks at it
                    difference=part,
                    confidence=Confidence.RECONCILED,
                    row=report.row,
                )
            )
    return True


def _parts(off: Difference, users: Mapping[UUID, Sum], guesses: Mapping[UUID, Sum]) -> dict[UUID, Difference]:
    """Exact shares. In proportion to what was only estimated, for that is where we may be wrong; else to all that was used.

    Raises `ValueError` where somebody would get more back than they used.
    """
    order = sorted(users)
    used = [users[workspace] for workspace in order]
    unsure = [guesses.get(workspace, Sum()) for workspace in order]
    everything = [max(0, one.tokens.total) for one in used]
    evenly = [1] * len(order)
    tokens: list[dict[str, int]] = [{} for _ in order]
    for name in BUCKETS:
        own, guessed = ([max(0, getattr(one.tokens, name)) for one in row] for row in (used, unsure))
        for place, share in enumerate(apportion(getattr(off.tokens, name), guessed, own, everything, evenly)):
            tokens[place][name] = share
    own, guessed = ([max(0, _units(one.cost)) for one in row] for row in (used, unsure))
    money = apportion(_units(off.cost), guessed, own, *([everything, evenly] if off.cost > 0 else []))
    parts = [Difference(Tokens.of(share), Decimal(units).scaleb(-COST_DECIMALS)) for share, units in zip(tokens, money, strict=True)]
    if any(part.tokens.total < -one.tokens.total or part.cost < -one.cost for part, one in zip(parts, used, strict=True)):
        raise ValueError("More than was used.")
    return dict(zip(order, parts, strict=True))


def _units(cost: Decimal) -> int:
    """Money in the ledger's smallest unit."""
    return int(cost.scaleb(COST_DECIMALS))


def _of_call(
    call: KnownCall, off: Difference, row: int, confidence: Confidence, sequence: int, *, calls: int = 0, reasoning: int = 0
) -> Adjustment:
    entry: LedgerEntry = call.entry
    facts: dict[str, Any] = {name: getattr(entry, name) for name in _FROM_ENTRY}
    return Adjustment(
        key=f"adjustment:{entry.id}:{sequence}",
        workspace_id=entry.workspace_id,
        period_id=entry.period_id,
        model=entry.model,
        called_at=entry.called_at,
        difference=off,
        confidence=confidence,
        row=row,
        reasoning=reasoning,
        calls=calls,
        adjusts=entry.id,
        facts=facts,
    )


def _plus(one: Tokens, other: Tokens) -> Tokens:
    return Tokens.of({name: value + getattr(other, name) for name, value in one.values().items()})


def _short(model: str) -> str:
    """A name of fixed length for keys: ids of models may be as long as a key."""
    return hashlib.sha256(model.encode()).hexdigest()[:16]
