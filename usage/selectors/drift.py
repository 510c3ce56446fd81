"""Our ledger beside what providers reported, by model."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from usage.models import ReportedDay
from usage.reports.compare import NOTHING, Difference, Sum, difference, plus
from usage.reports.types import BUCKETS, NO_TOKENS, Tokens
from usage.selectors.reconciliation import DayModel, count_estimates, platform_sums, providers_of, sums_by_day


@dataclass(frozen=True, slots=True)
class ModelDrift:
    """One model over a range. Only days that a report speaks about are compared, tokens and money each where it tells them."""

    provider: str
    model: str
    days_used: int
    days_reported: int
    ours: Sum  # over the whole range, adjustments included
    compared_tokens: Tokens  # ours, on the days whose tokens were reported
    compared_cost: Decimal
    tokens: Tokens | None  # theirs
    cost: Decimal | None
    platform: Sum  # what the platform carries of the difference
    estimated_calls: int

    @property
    def difference(self) -> Difference:
        """Theirs less ours."""
        return difference(self.tokens, self.cost, Sum(self.compared_tokens, self.compared_cost))

    @property
    def percent_of_tokens(self) -> Decimal | None:
        return _percent(self.difference.tokens.total, self.compared_tokens.total) if self.tokens is not None else None

    @property
    def percent_of_cost(self) -> Decimal | None:
        return _percent(self.difference.cost, self.compared_cost) if self.cost is not None else None

    @property
    def estimated_percent(self) -> Decimal | None:
        """Calls that we counted ourselves, of all calls."""
        return _percent(self.estimated_calls, self.ours.calls)


def drift_by_model(first: date, last: date, provider: str = "") -> list[ModelDrift]:
    """Every model that was used or reported from `first` to `last` (UTC days, both inside), the dearest first.

    A few statements for each provider, over daily sums. Of several reports of a day the latest one holds.
    """
    rows = [row for name in ([provider] if provider else providers_of(first, last)) for row in _of_provider(name, first, last)]
    return sorted(rows, key=lambda row: (-row.ours.cost, row.provider, row.model))


def _of_provider(provider: str, first: date, last: date) -> list[ModelDrift]:
    ours, platform = sums_by_day(provider, first, last), platform_sums(provider, first, last)
    estimates, reported = count_estimates(provider, first, last), _latest(provider, first, last)
    days: dict[str, set[date]] = defaultdict(set)
    for day, model in (*ours, *reported, *platform):
        days[model].add(day)
    return [_drift(provider, model, sorted(found), ours, platform, estimates, reported) for model, found in days.items()]


def _drift(
    provider: str,
    model: str,
    days: Iterable[date],
    ours: dict[DayModel, Sum],
    platform: dict[DayModel, Sum],
    estimates: dict[DayModel, int],
    reported: dict[DayModel, _Reported],
) -> ModelDrift:
    keys = [(day, model) for day in days]
    with_tokens = [key for key in keys if key in reported and reported[key].tokens is not None]
    with_cost = [key for key in keys if key in reported and reported[key].cost is not None]
    return ModelDrift(
        provider=provider,
        model=model,
        days_used=sum(key in ours and ours[key].calls > 0 for key in keys),
        days_reported=sum(key in reported for key in keys),
        ours=_total(ours[key] for key in keys if key in ours),
        compared_tokens=_total(ours[key] for key in with_tokens if key in ours).tokens,
        compared_cost=_total(ours[key] for key in with_cost if key in ours).cost,
        tokens=_tokens(reported[key].tokens for key in with_tokens) if with_tokens else None,
        cost=sum((reported[key].cost or NOTHING for key in with_cost), NOTHING) if with_cost else None,
        platform=_total(platform[key] for key in keys if key in platform),
        estimated_calls=sum(estimates.get(key, 0) for key in keys),
    )


@dataclass(slots=True)
class _Reported:
    tokens: Tokens | None = None
    cost: Decimal | None = None


def _latest(provider: str, first: date, last: date) -> dict[DayModel, _Reported]:
    found: dict[DayModel, _Reported] = defaultdict(_Reported)
    for row in ReportedDay.objects.filter(provider=provider, day__range=(first, last)).order_by("report_id", "id").iterator():
        said = found[row.day, row.model]
        if row.tells_tokens:
            said.tokens = Tokens.of({name: getattr(row, name) for name in BUCKETS}, frozenset(row.tells_buckets))
        if row.cost is not None:
            said.cost = row.cost
    return found


def _total(sums: Iterable[Sum]) -> Sum:
    total = Sum()
    for one in sums:
        total += one
    return total


def _tokens(parts: Iterable[Tokens | None]) -> Tokens:
    total = NO_TOKENS
    for part in parts:
        total = plus(total, part) if part is not None else total
    return total


def _percent(part: Decimal | int, whole: Decimal | int) -> Decimal | None:
    return (Decimal(100) * part / whole).quantize(Decimal("0.01")) if whole else None
