"""What the ledger says to a provider's report: of single calls, and of days over all workspaces."""
# ruff: noqa: S608 - every name in these statements is from this file or `rollup_sql`

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, Q
from django.db.models import Sum as Total

from usage.models import LedgerEntry, PlatformEntry, ReportedDay
from usage.reports.compare import Sum
from usage.reports.types import BUCKETS, Tokens
from usage.rollup_sql import ENTRY_SUMS
from usage.types import Confidence, Grain, Purpose

DayModel = tuple[date, str]
NONE = Sum()
_TOTALS = [Total(name) for name in (*BUCKETS, "cost")]
_SUMS = ("calls", *BUCKETS, "cost")
_DAY = "date_bin(interval '1 day', entry.called_at, timestamptz '1970-01-01 00:00:00+00')"


@dataclass(frozen=True, slots=True)
class KnownCall:
    """A call of the ledger with what earlier adjustments made of it."""

    entry: LedgerEntry
    now: Sum
    adjustments: int
    covered: bool  # its estimate was replaced by a report's figures


def calls_named(provider: str, call_ids: Sequence[str]) -> dict[str, list[KnownCall]]:
    """The calls that the provider names so. Two statements, whatever their number."""
    # The condition of `ledger_by_provider_call`, in its words: from a long list of names PostgreSQL does not conclude it.
    entries = LedgerEntry.objects.filter(~Q(provider_call_id=""), provider=provider, provider_call_id__in=call_ids)
    found: dict[str, list[KnownCall]] = {}
    for call in _with_adjustments(list(entries.defer("raw_usage").order_by("id"))):
        found.setdefault(call.entry.provider_call_id, []).append(call)
    return found


def open_estimates(provider: str, days: Iterable[DayModel]) -> dict[DayModel, list[KnownCall]]:
    """The calls of these days and models whose estimate no report has replaced yet."""
    wanted = set(days)
    found: dict[DayModel, list[KnownCall]] = {}
    if not wanted:
        return found
    first, last = min(day for day, _ in wanted), max(day for day, _ in wanted)
    entries = LedgerEntry.objects.filter(
        provider=provider,
        confidence=Confidence.ESTIMATED.value,
        called_at__gte=midnight(first),
        called_at__lt=midnight(last + timedelta(1)),
    ).exclude(purpose=Purpose.ADJUSTMENT.value)
    chosen = [entry for entry in entries.order_by("id").iterator() if (_day_of(entry.called_at), entry.model) in wanted]
    for call in _with_adjustments(chosen):
        if not call.covered:
            found.setdefault((_day_of(call.entry.called_at), call.entry.model), []).append(call)
    return found


def sums_by_day(provider: str, first: date, last: date) -> dict[DayModel, Sum]:
    """What all workspaces together used, by UTC day and model, adjustments included. One statement, exact to the last call."""
    rows = _read(("model",), "", provider, first, last)
    return {(row[0].astimezone(UTC).date(), row[1]): _sum(row[2:]) for row in rows}


def sums_by_workspace(provider: str, first: date, last: date, confidence: Confidence | None = None) -> dict[DayModel, dict[UUID, Sum]]:
    """The same by workspace, in a fixed order; with a `confidence` only of such rows."""
    chosen = "" if confidence is None else f"AND confidence = '{confidence.value}'"
    found: dict[DayModel, dict[UUID, Sum]] = {}
    for row in _read(("model", "workspace_id"), chosen, provider, first, last):
        found.setdefault((row[0].astimezone(UTC).date(), row[1]), {})[row[2]] = _sum(row[3:])
    return found


def platform_sums(provider: str, first: date, last: date) -> dict[DayModel, Sum]:
    """What the platform carries, by day and model."""
    rows = PlatformEntry.objects.filter(provider=provider, day__range=(first, last)).order_by()
    return {(row[0], row[1]): _sum((0, *row[2:])) for row in rows.values_list("day", "model").annotate(*_TOTALS)}


def models_of(provider: str) -> list[str]:
    """Every model that was ever called there."""
    with connection.cursor() as cursor:
        cursor.execute(_MODELS, {"provider": provider})
        return [model for (model,) in cursor.fetchall()]


def times_reported(provider: str, first: date, last: date) -> dict[DayModel, int]:
    """How many reports have spoken about a day and model: the number of the next one's adjustments."""
    rows = ReportedDay.objects.filter(provider=provider, day__range=(first, last)).order_by()
    return {(row["day"], row["model"]): row["reports"] for row in rows.values("day", "model").annotate(reports=Count("id"))}


def count_estimates(provider: str, first: date, last: date) -> dict[DayModel, int]:
    """How many calls of a day and model are still an estimate of ours. One statement along `ledger_estimates`."""
    with connection.cursor() as cursor:
        cursor.execute(_ESTIMATES, {"provider": provider, "from": midnight(first), "to": midnight(last + timedelta(days=1))})
        return {(_day_of(day), model): calls for day, model, calls in cursor.fetchall()}


def providers_of(first: date, last: date) -> list[str]:
    """Whose calls there were in these days, or whose reports."""
    with connection.cursor() as cursor:
        cursor.execute(_PROVIDERS, {"first": first, "last": last, "from": midnight(first), "to": midnight(last + timedelta(days=1))})
        return [provider for (provider,) in cursor.fetchall()]


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _with_adjustments(entries: Sequence[LedgerEntry]) -> Iterator[KnownCall]:
    rows = LedgerEntry.objects.filter(adjusts__isnull=False, adjusts__in=[entry.id for entry in entries]).order_by().values_list("adjusts")
    restated = Count("id", filter=Q(confidence=Confidence.RECONCILED.value))
    later = {row[0]: row[1:] for row in rows.annotate(Count("id"), restated=restated).annotate(*_TOTALS)}
    for entry in entries:
        own = Sum(Tokens.of({name: getattr(entry, name) for name in BUCKETS}), entry.cost, 1)
        more = later.get(entry.id)
        if more is None:
            yield KnownCall(entry, own, 0, covered=False)
        else:
            adjustments, restated_rows, *sums = more
            yield KnownCall(entry, own + _sum((0, *sums)), adjustments, covered=restated_rows > 0)


def _day_of(moment: datetime) -> date:
    return moment.astimezone(UTC).date()


def _read(what: tuple[str, ...], chosen: str, provider: str, first: date, last: date) -> list[Any]:
    names, sums = ", ".join(what), ", ".join(f"sum({name}) AS {name}" for name in _SUMS)
    entries = ", ".join(f"entry.{name}" for name in what)
    statement = f"""
    SELECT day, {names}, {sums} FROM (
        SELECT starts_at AS day, {names}, {", ".join(_SUMS)} FROM usage_rollup
        WHERE grain = {Grain.DAY.value} AND provider = %(provider)s AND starts_at >= %(from)s AND starts_at < %(to)s {chosen}
        UNION ALL
        SELECT day, {names}, {", ".join(_SUMS)} FROM (
            SELECT {_DAY} AS day, {entries}, {ENTRY_SUMS}
            FROM usage_pendingentry waiting JOIN usage_ledgerentry entry ON entry.id = waiting.entry_id
            WHERE entry.provider = %(provider)s AND entry.called_at >= %(from)s AND entry.called_at < %(to)s {chosen}
            GROUP BY {", ".join(map(str, range(1, len(what) + 2)))}
        ) late
    ) known GROUP BY day, {names} ORDER BY day, {names}
    """
    with connection.cursor() as cursor:
        cursor.execute(statement, {"provider": provider, "from": midnight(first), "to": midnight(last + timedelta(days=1))})
        rows: list[Any] = cursor.fetchall()
    return rows


def _sum(row: Sequence[Any]) -> Sum:
    calls, *buckets, cost = row
    fresh, read, short, long, output = map(int, buckets)
    return Sum(Tokens(fresh, read, short, long, output), Decimal(cost), int(calls))


_MODELS = """
SELECT DISTINCT model FROM usage_rollup WHERE grain = 1440 AND provider = %(provider)s
UNION
SELECT DISTINCT entry.model FROM usage_pendingentry waiting JOIN usage_ledgerentry entry ON entry.id = waiting.entry_id
WHERE entry.provider = %(provider)s
"""
_ESTIMATES = f"""
SELECT {_DAY} AS day, model, count(*) FROM usage_ledgerentry entry
WHERE provider = %(provider)s AND called_at >= %(from)s AND called_at < %(to)s AND confidence = 'estimated' AND purpose <> 'adjustment'
    AND NOT EXISTS (SELECT FROM usage_ledgerentry later WHERE later.adjusts = entry.id AND later.confidence = 'reconciled')
GROUP BY 1, 2
"""
_PROVIDERS = """
SELECT DISTINCT provider FROM usage_rollup WHERE grain = 1440 AND starts_at >= %(from)s AND starts_at < %(to)s
UNION
SELECT DISTINCT entry.provider FROM usage_pendingentry waiting JOIN usage_ledgerentry entry ON entry.id = waiting.entry_id
WHERE entry.called_at >= %(from)s AND entry.called_at < %(to)s
UNION
SELECT DISTINCT provider FROM usage_reportedday WHERE day BETWEEN %(first)s AND %(last)s
ORDER BY 1
"""
