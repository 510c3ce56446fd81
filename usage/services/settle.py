"""Write a provider call into the ledger and close its hold."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import Any

from django.db import connection
from django.utils import timezone

from usage import pricing
from usage.ledger_rows import entry_values, insert_statement
from usage.models import LedgerEntry
from usage.news import tell
from usage.period_rows import FIGURES, in_transaction, lock_period, lock_period_of_hold
from usage.services.warn import warn
from usage.states import HoldState, sources_of
from usage.types import Call, Settled, percent_of_limits

logger = logging.getLogger(__name__)


def settle(hold_key: str | None, call: Call) -> Settled:
    """Count what a call really used, in the caller's transaction: ledger row, counters and hold, or none of them.

    Idempotent by `call.key`: the same key again writes nothing and returns what the first one wrote. The hold becomes
    settled and gives its amount back, unless it had given it back before (expired, released); several calls may share
    one hold. Without a hold (None, or a key that this workspace does not know) the call just counts. Spend is never
    refused: it counts beyond the limit too. It counts in the period that the hold was made in, also when it is settled
    in the next one: its `called_at` is then the moment of the hold, so that the entries of a span of time are those of
    its periods. Without a hold it counts in the period of `call.called_at`.

    Where the use of the period reaches a level, people are warned (`warn`). Publishes `usage`. Raises `ValueError` for
    negative counts or prices.
    """
    cost = pricing.cost(call.buckets, call.prices)
    now = timezone.now()
    with in_transaction():
        held = lock_period_of_hold(hold_key, call.workspace_id) if hold_key is not None else None
        called_at = call.called_at or now
        if held is not None:
            period_id = held.id
            called_at = called_at if called_at in held.span else held.held_at
        else:
            if hold_key is not None:
                logger.warning("A call was settled without its hold", extra={"hold": hold_key, "call": call.key})
                hold_key = None
            period_id = lock_period(call.workspace_id, called_at)
        with connection.cursor() as cursor:
            values = entry_values(replace(call, called_at=called_at), cost, period_id, now) | _hold_values(hold_key)
            cursor.execute(_SETTLE.format(insert_entry=insert_statement(), figures=_FIGURES), values)
            entry_id, *figures = cursor.fetchone()
        if entry_id is not None:
            warn(call.workspace_id, period_id, percent_of_limits(*figures), now)
            return Settled(entry_id, call.buckets.total, cost)
        tell(call.workspace_id)
        return Settled(*LedgerEntry.objects.values_list("id", "tokens", "cost").get(key=call.key))


def _hold_values(hold_key: str | None) -> dict[str, Any]:
    return {"hold": hold_key, "held": HoldState.HELD.value, "settled": HoldState.SETTLED.value, "from": sources_of(HoldState.SETTLED)}


_FIGURES = ", ".join(f"usage_period.{name}" for name in FIGURES)
# `was` is read in the same statement as `closed` changes it; both see one truth because whoever moves a hold has locked
# its period first.
_SETTLE = """
WITH entry AS (
    {insert_entry} RETURNING id, tokens, cost
), was AS (
    SELECT id, state, tokens, cost FROM usage_hold WHERE key = %(hold)s AND state = ANY(%(from)s)
), closed AS (
    UPDATE usage_hold SET state = %(settled)s, closed_at = %(created_at)s FROM was
    WHERE usage_hold.id = was.id AND usage_hold.state = was.state
    RETURNING was.state, was.tokens, was.cost
), change AS (
    SELECT
        coalesce((SELECT tokens FROM entry), 0) AS tokens_used, coalesce((SELECT cost FROM entry), 0) AS cost_used,
        coalesce((SELECT tokens FROM closed WHERE state = %(held)s), 0) AS tokens_freed,
        coalesce((SELECT cost FROM closed WHERE state = %(held)s), 0) AS cost_freed
)
UPDATE usage_period
SET tokens_used = usage_period.tokens_used + change.tokens_used, cost_used = usage_period.cost_used + change.cost_used,
    tokens_held = tokens_held - tokens_freed, cost_held = cost_held - cost_freed
FROM change WHERE usage_period.id = %(period_id)s
RETURNING (SELECT id FROM entry), {figures}
"""
