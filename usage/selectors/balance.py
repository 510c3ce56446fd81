"""What a workspace has left."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import connection
from django.utils import timezone

from usage.periods import month_of
from usage.plans import FIRST_PLANS, FREE
from usage.types import Balance


def get_balance(workspace_id: UUID, *, now: datetime | None = None) -> Balance:
    """The running period of the workspace: one query, nothing is created.

    A period that nobody has used yet shows the limits of the allowance, or of plan `free` without one.
    """
    span = month_of(now or timezone.now())
    with connection.cursor() as cursor:
        cursor.execute(_BALANCE, [FREE, workspace_id, workspace_id, span.starts_at])
        (*row, model_keys, requests_per_minute) = cursor.fetchone()
    allowed, allowed_plan, opened = row[0:2], row[2:4], row[4] is not None
    plan_code, plan_name = allowed_plan
    if plan_code is None:  # an operator has no plan `free`: what `reserve` would grant
        first = next(facts for facts in FIRST_PLANS if facts.code == FREE)
        allowed, plan_code, plan_name = (first.tokens_per_month, first.cost_per_month), first.code, first.name
        requests_per_minute = first.requests_per_minute
    tokens_limit, cost_limit = row[5:7] if opened else allowed
    return Balance(
        plan_code=plan_code,
        plan_name=plan_name,
        tokens_limit=tokens_limit,
        tokens_used=row[7] or 0,
        tokens_held=row[8] or 0,
        cost_limit=cost_limit,
        cost_used=row[9] or Decimal(0),
        cost_held=row[10] or Decimal(0),
        period_start=span.starts_at,
        period_end=span.ends_at,
        model_keys=tuple(model_keys or ()),
        requests_per_minute=requests_per_minute,
        least_tokens=row[11] or 0,
        least_cost=row[12] or Decimal(0),
    )


_BALANCE = """
SELECT
    CASE WHEN allowance.workspace_id IS NULL THEN free.tokens_per_month ELSE allowance.tokens_per_period END,
    CASE WHEN allowance.workspace_id IS NULL THEN free.cost_per_month ELSE allowance.cost_per_period END,
    coalesce(allowance.plan_code, free.code), coalesce(allowance.plan_name, free.name),
    period.id, period.tokens_limit, period.cost_limit, period.tokens_used, period.tokens_held, period.cost_used, period.cost_held,
    period.least_tokens, period.least_cost,
    CASE WHEN allowance.workspace_id IS NULL THEN free.model_keys ELSE allowance.model_keys END,
    CASE WHEN allowance.workspace_id IS NULL THEN free.requests_per_minute ELSE allowance.requests_per_minute END
FROM (VALUES (1)) AS one
LEFT JOIN usage_plan free ON free.code = %s
LEFT JOIN usage_allowance allowance ON allowance.workspace_id = %s
LEFT JOIN usage_period period ON period.workspace_id = %s AND period.starts_at = %s
"""
