"""Bring many calls into the ledger that are long over: an import, a demonstration."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

import orjson
from django.db import connection
from django.utils import timezone

from usage import pricing
from usage.ledger_rows import entry_values
from usage.models import LedgerEntry
from usage.period_rows import in_transaction, lock_period
from usage.periods import month_of
from usage.types import Call

_BATCH = 1000


def record_calls(calls: Iterable[Call]) -> None:
    """Count calls that never had a hold, each in the period of its `called_at`; far faster than settling one by one.

    Idempotent by `call.key`: what is in the ledger stays and counts once. In the caller's transaction, all or nothing.
    Raises `ValueError` for negative counts or prices.
    """
    now = timezone.now()
    by_period: dict[tuple[UUID, datetime], list[Call]] = defaultdict(list)
    for call in calls:
        by_period[call.workspace_id, month_of(call.called_at or now).starts_at].append(call)
    with in_transaction():
        for (workspace_id, starts_at), group in sorted(by_period.items()):
            _record_in_period(lock_period(workspace_id, starts_at), group, now)


def _record_in_period(period_id: UUID, calls: list[Call], now: datetime) -> None:
    entries = []
    for call in calls:
        values = entry_values(call, pricing.cost(call.buckets, call.prices), period_id, now)
        entries.append(LedgerEntry(**{**values, "raw_usage": orjson.loads(values["raw_usage"])}))
    LedgerEntry.objects.bulk_create(entries, batch_size=_BATCH, ignore_conflicts=True)
    # Whoever writes into this period's part of the ledger holds its lock, so the sum is the truth.
    with connection.cursor() as cursor:
        cursor.execute(_RECOUNT, [period_id, period_id])


_RECOUNT = """
UPDATE usage_period SET tokens_used = total.tokens, cost_used = total.cost
FROM (SELECT coalesce(sum(tokens), 0) AS tokens, coalesce(sum(cost), 0) AS cost FROM usage_ledgerentry WHERE period_id = %s) total
WHERE usage_period.id = %s
"""
