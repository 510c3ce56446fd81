"""Opening and locking the counters of a workspace.

Order of locks, everywhere in this app: allowance, then period, then holds and ledger. Whoever moves a hold or writes
the ledger holds the lock of the period first, so two roads never wait for each other in a circle.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection, transaction

from core.ids import uuid7
from usage.models import Allowance, Plan
from usage.periods import Span, month_of
from usage.plans import FIRST_PLANS, FREE

# What `usage.types.percent_of_limits` takes, in its order.
FIGURES = ("tokens_used", "tokens_limit", "cost_used", "cost_limit", "least_tokens", "least_cost")


class Limits(NamedTuple):
    """None means unlimited."""

    tokens: int | None
    cost: Decimal | None


def in_transaction() -> AbstractContextManager[None]:
    """The caller's transaction when there is one (without a savepoint, which would cost two round trips), else our own."""
    return nullcontext() if connection.in_atomic_block else transaction.atomic()


def open_period(workspace_id: UUID, span: Span, limits: Limits | None = None) -> None:
    """Make the period's row when it is missing, with the limits of the allowance. Call it in a transaction.

    `INSERT ... ON CONFLICT DO NOTHING`: of any number at once, one row stays. The allowance is locked while it is read,
    so that a change of plan at the same moment waits, finds the row and corrects it.
    """
    if limits is None:
        limits = _allowed_limits(workspace_id)
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, [uuid7(), workspace_id, span.starts_at, span.ends_at, limits.tokens, limits.cost])


def lock_period(workspace_id: UUID, moment: datetime) -> UUID:
    """The id of the period that holds `moment`, locked until the transaction ends; made when missing."""
    span = month_of(moment)
    found = _lock(_LOCK_BY_TIME, [workspace_id, span.starts_at])
    if found is None:
        open_period(workspace_id, span)
        found = _lock(_LOCK_BY_TIME, [workspace_id, span.starts_at])
    if found is None:
        raise RuntimeError(f"The period of workspace {workspace_id} from {span.starts_at} vanished while it was opened.")
    return found


class HeldPeriod(NamedTuple):
    """The period that a hold was made in, and when it was made."""

    id: UUID
    workspace_id: UUID
    span: Span
    held_at: datetime


def lock_period_of_hold(hold_key: str, workspace_id: UUID | None = None) -> HeldPeriod | None:
    """The period that the hold was made in, locked until the transaction ends; None without such a hold."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK_BY_HOLD, [hold_key, workspace_id, workspace_id])
        row = cursor.fetchone()
    return HeldPeriod(row[0], row[1], Span(row[2], row[3]), row[4]) if row else None


def free_limits() -> Limits:
    """What plan `free` grants; the figures of a first start when an operator has no such plan (an unlimited meter is no default)."""
    plan = Plan.objects.filter(code=FREE).values_list("tokens_per_month", "cost_per_month").first()
    if plan is not None:
        return Limits(*plan)
    first = next(facts for facts in FIRST_PLANS if facts.code == FREE)
    return Limits(first.tokens_per_month, first.cost_per_month)


def _allowed_limits(workspace_id: UUID) -> Limits:
    allowance = (
        Allowance.objects.select_for_update().filter(workspace_id=workspace_id).values_list("tokens_per_period", "cost_per_period").first()
    )
    return Limits(*allowance) if allowance is not None else free_limits()


def _lock(statement: str, parameters: list[Any]) -> UUID | None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        row = cursor.fetchone()
    return row[0] if row else None


_OPEN = """
INSERT INTO usage_period (id, workspace_id, starts_at, ends_at, tokens_limit, cost_limit, tokens_used, tokens_held, cost_used, cost_held)
VALUES (%s, %s, %s, %s, %s, %s, 0, 0, 0, 0)
ON CONFLICT (workspace_id, starts_at) DO NOTHING
"""
_LOCK_BY_TIME = "SELECT id FROM usage_period WHERE workspace_id = %s AND starts_at = %s FOR UPDATE"
_LOCK_BY_HOLD = """
SELECT period.id, period.workspace_id, period.starts_at, period.ends_at, hold.created_at
FROM usage_period period JOIN usage_hold hold ON hold.period_id = period.id
WHERE hold.key = %s AND (%s::uuid IS NULL OR hold.workspace_id = %s::uuid) FOR UPDATE OF period
"""
