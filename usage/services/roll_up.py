"""Add new ledger entries to the rollups."""

from __future__ import annotations

from django.db import connection, transaction

from usage.rollup_sql import TARGETS

BATCH = 20_000
LOCK = 7_240_118  # advisory: whoever writes rollups holds it


def roll_up(*, batch: int = BATCH) -> int:
    """Add every pending entry to its quarter, hour and day, whatever moment it is from; returns how many there were.

    An entry is added in the transaction that takes it off the list of pending ones, so none is ever counted twice or left
    out: running again, at the same time or after a crash does no harm, and late entries land where they belong. One
    process at a time does the work; any other returns 0 at once.
    """
    done = 0
    while added := _roll_up_batch(batch):
        done += added
    return done


def _roll_up_batch(batch: int) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(_TAKE, [batch])
        entries = [entry_id for (entry_id,) in cursor.fetchall()]
        for target in TARGETS if entries else ():
            cursor.execute(target.insert(_TAKEN, add=True), [entries])
        return len(entries)


_TAKE = """
DELETE FROM usage_pendingentry WHERE entry_id IN (SELECT entry_id FROM usage_pendingentry ORDER BY entry_id LIMIT %s)
RETURNING entry_id
"""
_TAKEN = "SELECT * FROM usage_ledgerentry WHERE id = ANY(%s)"
