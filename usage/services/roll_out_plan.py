"""Bring an edited plan to the workspaces that are on it."""

from __future__ import annotations

from datetime import datetime

from django.db import connection
from django.db.models import F
from django.utils import timezone

from core.exceptions import NotFound
from usage.models import Allowance, Plan
from usage.period_rows import in_transaction
from usage.plans import FREE


def roll_out_plan(plan_code: str, *, now: datetime | None = None) -> int:
    """Give every workspace on the plan its present limits, in the running period too; returns how many allowances changed.

    Allowances copy their plan, so an edit alone reaches nobody; workspaces without an allowance count as `free` and get
    it with their next period, or here. One transaction, two statements, however many workspaces there are.
    Raises `NotFound` for a plan that does not exist.
    """
    now = now or timezone.now()
    plan = Plan.objects.filter(code=plan_code).first()
    if plan is None:
        raise NotFound(f"There is no plan “{plan_code}”.")
    with in_transaction():
        changed = Allowance.objects.filter(plan_code=plan_code).update(
            plan_name=plan.name,
            tokens_per_period=plan.tokens_per_month,
            cost_per_period=plan.cost_per_month,
            model_keys=plan.model_keys,
            requests_per_minute=plan.requests_per_minute,
            version=F("version") + 1,
            updated_at=now,
        )
        with connection.cursor() as cursor:
            cursor.execute(_PERIODS, [plan.tokens_per_month, plan.cost_per_month, now, plan_code, plan_code == FREE])
    return changed


_PERIODS = """
UPDATE usage_period SET tokens_limit = %s, cost_limit = %s
WHERE ends_at > %s AND (
    EXISTS (SELECT FROM usage_allowance WHERE usage_allowance.workspace_id = usage_period.workspace_id AND plan_code = %s)
    OR (%s AND NOT EXISTS (SELECT FROM usage_allowance WHERE usage_allowance.workspace_id = usage_period.workspace_id))
)
"""
