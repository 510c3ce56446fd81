"""Bring an edited plan to the workspaces that are on it."""

from __future__ import annotations

from datetime import datetime

from django.db import connection
from django.db.models import F
from django.utils import timezone

from core.exceptions import NotFound
from usage.models import Allowance, Plan
from usage.period_rows import FIGURES, in_transaction
from usage.plans import FREE
from usage.services.warn import Used, warn_all
from usage.types import LEVELS, percent_of_limits


def roll_out_plan(plan_code: str, *, now: datetime | None = None) -> int:
    """Give every workspace on the plan its present limits, in the running period too; returns how many allowances changed.

    Allowances copy their plan, so an edit alone reaches nobody; workspaces without an allowance count as `free` and get
    it with their next period, or here. One transaction, three statements, however many workspaces there are. Whose limit is near
    or reached by that is told (`warn`). Raises `NotFound` for a plan that does not exist.
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
            limits, whose, near_from = (plan.tokens_per_month, plan.cost_per_month), (plan_code, plan_code == FREE), (min(LEVELS),) * 2
            cursor.execute(_PERIODS.format(figures=", ".join(FIGURES)), [*limits, now, *whose, *near_from])
            near = [Used(workspace_id, period_id, percent_of_limits(*figures)) for workspace_id, period_id, *figures in cursor.fetchall()]
        warn_all(near, now)
    return changed


# Of the periods that it changes, those that somebody may have to be warned about.
_PERIODS = """
WITH changed AS (
    UPDATE usage_period SET tokens_limit = %s, cost_limit = %s
    WHERE ends_at > %s AND (
        EXISTS (SELECT FROM usage_allowance WHERE usage_allowance.workspace_id = usage_period.workspace_id AND plan_code = %s)
        OR (%s AND NOT EXISTS (SELECT FROM usage_allowance WHERE usage_allowance.workspace_id = usage_period.workspace_id))
    )
    RETURNING workspace_id, id, {figures}
)
SELECT * FROM changed
WHERE 100 * tokens_used >= %s * tokens_limit OR 100 * cost_used >= %s * cost_limit
    OR tokens_limit - tokens_used < least_tokens OR cost_limit - cost_used < least_cost
"""
