"""Make rollups anew from the ledger: after a restore, a mistake, or for entries that are older than the rollups."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from usage.models import Period
from usage.periods import Span, month_of
from usage.rollup_sql import TARGETS, Target
from usage.services.roll_up import LOCK


def rebuild_rollups(
    *,
    workspace_id: UUID | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    on_progress: Callable[[int], None] = lambda entries: None,
) -> int:
    """Replace the rollups of whole UTC months from `since` to `until` (None: all there is); returns how many entries they sum up.

    Workspace by workspace and month by month, each in one transaction that sees one moment of the database, so pages read
    right figures all the while. People may chat meanwhile; `roll_up` waits its turn. `on_progress` gets the entries so far.
    """
    done = 0
    with _rollups_to_oneself():
        for workspace in _workspaces(workspace_id):
            for span in _months(workspace, since, until):
                done += _rebuild(workspace, span)
                on_progress(done)
    return done


@contextmanager
def _rollups_to_oneself() -> Iterator[None]:
    """The lock is taken before the transactions: a snapshot that is older than the lock would miss what `roll_up` just did."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def _workspaces(workspace_id: UUID | None) -> list[UUID]:
    if workspace_id is not None:
        return [workspace_id]
    return list(Period.objects.order_by("workspace_id").values_list("workspace_id", flat=True).distinct())


def _months(workspace_id: UUID, since: datetime | None, until: datetime | None) -> Iterator[Span]:
    with connection.cursor() as cursor:
        cursor.execute(_FIRST_AND_LAST, {"workspace": workspace_id})
        first, last = cursor.fetchone()
    if first is None:
        return
    moment, end = max(first, since or first), min(last, until or last)
    span = month_of(moment)
    while span.starts_at <= end:
        yield span
        span = month_of(span.ends_at)


def _rebuild(workspace_id: UUID, span: Span) -> int:
    values: dict[str, Any] = {"workspace": workspace_id, "start": span.starts_at, "end": span.ends_at}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute(_NO_LONGER_PENDING, values)
        for target in TARGETS:
            cursor.execute(_forget(target), values)
            cursor.execute(target.insert(_ENTRIES, add=False), values)
        cursor.execute(f"SELECT count(*) FROM ({_ENTRIES}) entry", values)  # noqa: S608
        return int(cursor.fetchone()[0])


def _forget(target: Target) -> str:
    return f"DELETE FROM {target.table} WHERE workspace_id = %(workspace)s AND {target.slot} >= %(start)s AND {target.slot} < %(end)s"  # noqa: S608


# Rollups may know of more than the ledger does when they are wrong: look at both.
_FIRST_AND_LAST = """
SELECT least(min(ledger.first), min(sums.first)), greatest(max(ledger.last), max(sums.last)) FROM
    (SELECT min(called_at) AS first, max(called_at) AS last FROM usage_ledgerentry WHERE workspace_id = %(workspace)s) ledger,
    (SELECT min(starts_at) AS first, max(starts_at) AS last FROM usage_rollup WHERE workspace_id = %(workspace)s) sums
"""
_ENTRIES = "SELECT * FROM usage_ledgerentry WHERE workspace_id = %(workspace)s AND called_at >= %(start)s AND called_at < %(end)s"
_NO_LONGER_PENDING = """
DELETE FROM usage_pendingentry pending USING usage_ledgerentry entry
WHERE pending.workspace_id = %(workspace)s AND entry.id = pending.entry_id AND called_at >= %(start)s AND called_at < %(end)s
"""
