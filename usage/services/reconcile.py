"""Import a provider's own report: post what the ledger lacks, in one transaction, never editing a row."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from decimal import Decimal
from typing import IO, Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from core.exceptions import Conflict
from core.ids import uuid7
from usage.models import LedgerEntry, Period, PlatformEntry, ProviderReport, ReportedDay
from usage.news import tell
from usage.period_rows import FIGURES, lock_period
from usage.reports.plan import Adjustment, Plan, ReportFile
from usage.reports.types import NO_TOKENS, Limits
from usage.services.plan_reconciliation import plan_reconciliation
from usage.services.warn import warn
from usage.types import Purpose, percent_of_limits

LOCK = 720_251_124  # one import at a time, in all processes
_BATCH = 1000


def reconcile(
    file: ReportFile,
    content: IO[bytes],
    *,
    imported_by: UUID | None = None,
    expected: str | None = None,
    now: datetime | None = None,
    limits: Limits | None = None,
) -> tuple[ProviderReport, Plan]:
    """Compare, post and note the import; all of it or nothing. One import at a time: a second one waits and sees what the first did.

    Adjustments count in the period and on the day of what they adjust, also when that period is closed, and come with counters
    and rollups as every row of the ledger does. `expected` is the fingerprint of the plan that somebody has seen: raises `Conflict`
    when the ledger has changed since so that something else would be posted. Raises `UnreadableReport`. Publishes `usage`.
    """
    now = now or timezone.now()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        plan = plan_reconciliation(file, content, now=now, limits=limits)
        if expected is not None and plan.fingerprint != expected:
            raise Conflict("The ledger has changed since the preview. Look at the new one before you confirm.", code="plan_changed")
        report = _note_report(plan, imported_by, now)
        _note_days(plan, report)
        PlatformEntry.objects.bulk_create([_platform_entry(report, row) for row in plan.platform], batch_size=_BATCH)
        _post(plan, report, now)
    return report, plan


def _note_report(plan: Plan, imported_by: UUID | None, now: datetime) -> ProviderReport:
    file = plan.file
    return ProviderReport.objects.create(
        created_at=now,
        source=file.source.value,
        provider=file.provider,
        file_name=file.name[:255],
        file_size=file.size,
        digest=file.digest,
        label=file.label,
        shared=file.share,
        imported_by_id=imported_by,
        first_day=plan.first_day,
        last_day=plan.last_day,
        rows=plan.rows,
        confirmed=plan.confirmed,
        adjustments=len(plan.adjustments),
        unmatched=plan.unmatched_rows,
        tokens=plan.tokens,
        cost=plan.cost,
        platform_tokens=plan.platform_tokens,
        platform_cost=plan.platform_cost,
        notes=[*plan.notes, *(f"Row {row.row}: {row.name}, {row.day}. {row.why}" for row in plan.unmatched)],
    )


def _note_days(plan: Plan, report: ProviderReport) -> None:
    ReportedDay.objects.bulk_create(
        [
            ReportedDay(
                report=report,
                provider=plan.file.provider,
                day=day.report.day,
                model=day.model,
                calls=day.report.calls,
                tells_tokens=day.report.tokens is not None,
                tells_buckets=sorted(day.report.tokens.told) if day.report.tokens else [],
                cost=day.report.cost,
                **(day.report.tokens or NO_TOKENS).values(),
            )
            for day in plan.days
        ],
        batch_size=_BATCH,
    )


def _platform_entry(report: ProviderReport, row: Any) -> PlatformEntry:
    tokens = row.difference.tokens
    return PlatformEntry(
        key=row.key,
        report=report,
        provider=report.provider,
        day=row.day,
        model=row.model,
        tokens=tokens.total,
        cost=row.difference.cost,
        **tokens.values(),
    )


def _post(plan: Plan, report: ProviderReport, now: datetime) -> None:
    by_period: dict[UUID, list[Adjustment]] = defaultdict(list)
    for (workspace_id, period_id, _), rows in sorted(_grouped(plan.adjustments).items(), key=lambda item: str(item[0])):
        by_period[period_id or _period_of(workspace_id, rows[0].called_at)] += rows
    locked = _lock(list(by_period))
    LedgerEntry.objects.bulk_create(
        [_entry(row, period_id, report, now) for period_id, rows in by_period.items() for row in rows], batch_size=_BATCH
    )
    for period_id in locked:
        _count(period_id, by_period[period_id], now)


def _grouped(rows: list[Adjustment]) -> dict[tuple[UUID, UUID | None, object], list[Adjustment]]:
    groups: dict[tuple[UUID, UUID | None, object], list[Adjustment]] = defaultdict(list)
    for row in rows:
        groups[row.workspace_id, row.period_id, row.called_at.date().replace(day=1) if row.period_id is None else None].append(row)
    return groups


def _period_of(workspace_id: UUID, moment: datetime) -> UUID:
    """Not locked yet, unless it has to be made: all are locked together, in their order."""
    found = Period.objects.filter(workspace_id=workspace_id, starts_at__lte=moment, ends_at__gt=moment).order_by("starts_at")
    return found.values_list("id", flat=True).first() or lock_period(workspace_id, moment)


def _lock(periods: list[UUID]) -> list[UUID]:
    """In one order for everybody who takes several."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM usage_period WHERE id = ANY(%s) ORDER BY workspace_id, starts_at FOR UPDATE", [periods])
        return [period for (period,) in cursor.fetchall()]


def _entry(row: Adjustment, period_id: UUID, report: ProviderReport, now: datetime) -> LedgerEntry:
    tokens = row.difference.tokens
    return LedgerEntry(
        id=uuid7(),
        key=row.key,
        workspace_id=row.workspace_id,
        period_id=period_id,
        **{"source": f"adjustment:{report.id}", **row.facts},
        purpose=Purpose.ADJUSTMENT.value,
        provider=report.provider,
        model=row.model,
        reasoning=row.reasoning,
        calls=row.calls,
        tokens=tokens.total,
        cost=row.difference.cost,
        confidence=row.confidence.value,
        raw_usage={"report": str(report.id), "row": row.row},
        adjusts=row.adjusts,
        called_at=row.called_at,
        created_at=now,
        **tokens.values(),
    )


def _count(period_id: UUID, rows: list[Adjustment], now: datetime) -> None:
    """The counters of a period follow its ledger, under its lock. People are warned only where the period still runs."""
    tokens = sum(row.difference.tokens.total for row in rows)
    cost = sum((row.difference.cost for row in rows), Decimal(0))
    with connection.cursor() as cursor:
        cursor.execute(_COUNT.format(figures=", ".join(FIGURES)), [tokens, cost, period_id])
        *figures, starts_at, ends_at = cursor.fetchone()
    workspace_id = rows[0].workspace_id
    if starts_at <= now < ends_at:
        warn(workspace_id, period_id, percent_of_limits(*figures), now)
    else:
        tell(workspace_id)


_COUNT = """
UPDATE usage_period SET tokens_used = tokens_used + %s, cost_used = cost_used + %s WHERE id = %s
RETURNING {figures}, starts_at, ends_at
"""
