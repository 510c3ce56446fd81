"""Put a workspace on a plan by hand."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone

from core.exceptions import NotFound
from usage.models import Allowance, Plan
from usage.services.set_allowance import set_allowance


def apply_plan(workspace_id: UUID, plan_code: str) -> None:
    """Give the workspace the limits of the plan at once. Newer than anything written before, so it always takes effect.

    Raises `NotFound` for a plan that does not exist.
    """
    plan = Plan.objects.filter(code=plan_code).first()
    if plan is None:
        known_codes = ", ".join(Plan.objects.values_list("code", flat=True)) or "none"
        raise NotFound(f"There is no plan “{plan_code}”. The plans are: {known_codes}.")
    stored = Allowance.objects.filter(workspace_id=workspace_id).values_list("version", flat=True).first()
    set_allowance(
        workspace_id,
        plan_code=plan.code,
        plan_name=plan.name,
        tokens_per_period=plan.tokens_per_month,
        cost_per_period=plan.cost_per_month,
        model_keys=plan.model_keys,
        requests_per_minute=plan.requests_per_minute,
        version=max(int(timezone.now().timestamp() * 1000), (stored or 0) + 1),
    )
