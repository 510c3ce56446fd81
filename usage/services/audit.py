"""Recompute every counter from the ledger and the live holds."""

from __future__ import annotations

from decimal import Decimal

from django.db import connection

from usage.states import HoldState
from usage.types import Drift

_COUNTERS = ("tokens_used", "cost_used", "tokens_held", "cost_held")


def audit() -> list[Drift]:
    """Every counter that is wrong, by workspace and period; empty when all is exact.

    One statement, so it sees one moment of the database and may run while people chat. Reads only.
    """
    with connection.cursor() as cursor:
        cursor.execute(_AUDIT, [HoldState.HELD.value])
        rows = cursor.fetchall()
    return [
        Drift(row[0], row[1], counter, Decimal(recorded), Decimal(actual))
        for row in rows
        for counter, recorded, actual in zip(_COUNTERS, row[2:6], row[6:10], strict=True)
        if recorded != actual
    ]


_AUDIT = """
WITH spent AS (
    SELECT period_id, sum(tokens) AS tokens, sum(cost) AS cost FROM usage_ledgerentry GROUP BY period_id
), live AS (
    SELECT period_id, sum(tokens) AS tokens, sum(cost) AS cost FROM usage_hold WHERE state = %s GROUP BY period_id
), figures AS (
    SELECT period.workspace_id, period.starts_at,
        period.tokens_used, period.cost_used, period.tokens_held, period.cost_held,
        coalesce(spent.tokens, 0) AS tokens_spent, coalesce(spent.cost, 0) AS cost_spent,
        coalesce(live.tokens, 0) AS tokens_live, coalesce(live.cost, 0) AS cost_live
    FROM usage_period period
    LEFT JOIN spent ON spent.period_id = period.id
    LEFT JOIN live ON live.period_id = period.id
)
SELECT * FROM figures
WHERE (tokens_used, cost_used, tokens_held, cost_held) <> (tokens_spent, cost_spent, tokens_live, cost_live)
ORDER BY workspace_id, starts_at
"""
