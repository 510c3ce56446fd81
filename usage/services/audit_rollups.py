"""Prove that the rollups are the ledger."""

from __future__ import annotations

from django.db import connection

from usage.rollup_sql import ENTRY_SUMS, SUMS, TARGETS, Target
from usage.types import Grain, RollupDrift

_ALL = ", ".join(f"sum({name}) AS {name}" for name in SUMS)
_DAY = "date_bin(interval '1 day', {moment}, timestamptz '1970-01-01 00:00:00+00')"


def audit_rollups() -> list[RollupDrift]:
    """Every UTC day of a workspace whose rollups differ from its ledger entries, in any sum, to the last decimal.

    One statement, so it sees one moment of the database, may run while people chat, and reads the ledger once for all tables
    and grains. Entries that wait to be added are no drift. Reads only; `rebuild_rollups` puts right what is found.
    """
    with connection.cursor() as cursor:
        cursor.execute(_statement())
        return [RollupDrift(table, Grain(grain), *drift) for table, grain, *drift in cursor.fetchall()]


def _statement() -> str:
    kept = [(target, grain) for target in TARGETS for grain in target.grains]
    return f"""
    WITH expected AS MATERIALIZED (
        SELECT workspace_id, {_DAY.format(moment="called_at")} AS day, {ENTRY_SUMS} FROM usage_ledgerentry entry
        WHERE NOT EXISTS (SELECT FROM usage_pendingentry pending WHERE pending.entry_id = entry.id) GROUP BY 1, 2
    )
    {" UNION ALL ".join(_differences(target, grain) for target, grain in kept)} ORDER BY 1, 2, 3, 4
    """  # noqa: S608


def _differences(target: Target, grain: Grain) -> str:
    chosen = f"WHERE grain = {grain.value}" if len(target.grains) > 1 else ""
    differs = " OR ".join(f"expected.{name} IS DISTINCT FROM found.{name}" for name in SUMS)
    return f"""
    SELECT '{target.table}', {grain.value}, workspace_id, day,
        coalesce(found.tokens, 0), coalesce(expected.tokens, 0), coalesce(found.cost, 0), coalesce(expected.cost, 0)
    FROM expected FULL JOIN (
        SELECT workspace_id, {_DAY.format(moment=target.slot)} AS day, {_ALL} FROM {target.table} {chosen} GROUP BY 1, 2
    ) found USING (workspace_id, day) WHERE {differs}
    """  # noqa: S608
