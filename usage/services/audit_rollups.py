"""Prove that the rollups are the ledger."""

from __future__ import annotations

from django.db import connection

from usage.rollup_sql import ENTRY_SUMS, SUMS, TARGETS, Target
from usage.types import Grain, RollupDrift

_ALL = ", ".join(f"sum({name}) AS {name}" for name in SUMS)
_DAY = "date_bin(interval '1 day', {moment}, timestamptz '1970-01-01 00:00:00+00')"


def audit_rollups() -> list[RollupDrift]:
    """Every UTC day of a workspace whose rollups differ from its ledger entries, in any sum, to the last decimal.

    One statement for each table and grain, so each sees one moment of the database and may run while people chat.
    Entries that wait to be added are no drift. Reads only; `rebuild_rollups` puts right what is found.
    """
    drifts: list[RollupDrift] = []
    with connection.cursor() as cursor:
        for target in TARGETS:
            for grain in target.grains:
                cursor.execute(_statement(target, grain))
                drifts += [RollupDrift(target.table, grain, *row) for row in cursor.fetchall()]
    return drifts


def _statement(target: Target, grain: Grain) -> str:
    chosen = f"WHERE grain = {grain.value}" if len(target.grains) > 1 else ""
    differs = " OR ".join(f"expected.{name} IS DISTINCT FROM found.{name}" for name in SUMS)
    return f"""
    WITH expected AS (
        SELECT workspace_id, {_DAY.format(moment="called_at")} AS day, {ENTRY_SUMS} FROM usage_ledgerentry entry
        WHERE NOT EXISTS (SELECT FROM usage_pendingentry pending WHERE pending.entry_id = entry.id) GROUP BY 1, 2
    ), found AS (
        SELECT workspace_id, {_DAY.format(moment=target.slot)} AS day, {_ALL} FROM {target.table} {chosen} GROUP BY 1, 2
    )
    SELECT workspace_id, day, coalesce(found.tokens, 0), coalesce(expected.tokens, 0), coalesce(found.cost, 0), coalesce(expected.cost, 0)
    FROM expected FULL JOIN found USING (workspace_id, day) WHERE {differs} ORDER BY 1, 2
    """  # noqa: S608
