"""The nightly audit, with what it found kept for operators."""

from __future__ import annotations

import logging
import time
from datetime import timedelta

from django.utils import timezone

from usage.models import LedgerAudit
from usage.services.audit import audit
from usage.services.audit_rollups import audit_rollups
from usage.types import Drift, RollupDrift

logger = logging.getLogger(__name__)

_KEPT = 100  # findings of one run
_KEEP_FOR = timedelta(days=400)


def keep_audit() -> LedgerAudit:
    """Compare every counter and every rollup with the ledger; an error in the log for each that is off, and a row for the admin."""
    started_at, start = timezone.now(), time.monotonic()
    drifts, rollups = audit(), audit_rollups()
    counters, sums = [_counter(drift) for drift in drifts], [_rollup(found) for found in rollups]
    for found in counters:
        logger.error("A usage counter differs from the ledger", extra=found)
    for found in sums:
        logger.error("A rollup differs from the ledger", extra=found)
    LedgerAudit.objects.filter(started_at__lt=started_at - _KEEP_FOR).delete()
    return LedgerAudit.objects.create(
        started_at=started_at,
        seconds=round(time.monotonic() - start, 3),
        counters_off=len(drifts),
        rollups_off=len(rollups),
        findings=[*counters, *sums][:_KEPT],
    )


def _counter(drift: Drift) -> dict[str, object]:
    return {
        "workspace": str(drift.workspace_id),
        "period": drift.period_start.date().isoformat(),
        "counter": drift.counter,
        "recorded": str(drift.recorded),
        "actual": str(drift.actual),
    }


def _rollup(found: RollupDrift) -> dict[str, object]:
    return {
        "workspace": str(found.workspace_id),
        "day": found.day.date().isoformat(),
        "table": found.table,
        "grain_minutes": found.grain.value,
        "recorded": f"{found.tokens} tokens, {found.cost} USD",
        "actual": f"{found.tokens_in_ledger} tokens, {found.cost_in_ledger} USD",
    }
