"""Say what a workspace may use."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import connection
from django.utils import timezone

from usage.models import Period
from usage.period_rows import FIGURES, Limits, in_transaction, open_period
from usage.periods import month_of
from usage.services.warn import warn
from usage.types import percent_of_limits


def set_allowance(
    workspace_id: UUID,
    *,
    plan_code: str,
    tokens_per_period: int | None,
    cost_per_period: Decimal | None,
    model_keys: Sequence[str] = (),
    requests_per_minute: int | None = None,
    version: int,
    plan_name: str = "",
    now: datetime | None = None,
) -> bool:
    """Set the limits of the running period and of those to come (None: unlimited), and which models are included
    (keys or patterns, `usage.models_of_plans`; none: all), and how many requests a minute. True when it took effect.

    `version` orders what is written, whatever order it arrives in: one older than the stored changes nothing and returns
    False; the stored one again writes its facts again. Use Unix milliseconds of the moment the facts were read.
    Limits below what is used already are fine: there is simply nothing left, and people are told (`warn`). In the caller's transaction;
    the limits hold for every reservation that starts after its commit. Publishes `usage`.
    """
    now = now or timezone.now()
    span = month_of(now)
    limits = Limits(tokens_per_period, cost_per_period)
    with in_transaction():
        with connection.cursor() as cursor:
            name = plan_name or plan_code.capitalize()
            cursor.execute(_WRITE, [workspace_id, plan_code, name, *limits, list(model_keys), requests_per_minute, version, now])
            if cursor.rowcount == 0:
                return False
        open_period(workspace_id, span, limits)
        Period.objects.filter(workspace_id=workspace_id, ends_at__gt=now).update(tokens_limit=limits.tokens, cost_limit=limits.cost)
        period_id, *figures = Period.objects.values_list("id", *FIGURES).get(workspace_id=workspace_id, starts_at=span.starts_at)
        warn(workspace_id, period_id, percent_of_limits(*figures), now)
    return True


_WRITE = """
INSERT INTO usage_allowance AS known
    (workspace_id, plan_code, plan_name, tokens_per_period, cost_per_period, model_keys, requests_per_minute, version, updated_at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (workspace_id) DO UPDATE SET plan_code = excluded.plan_code, plan_name = excluded.plan_name,
    tokens_per_period = excluded.tokens_per_period, cost_per_period = excluded.cost_per_period,
    model_keys = excluded.model_keys, requests_per_minute = excluded.requests_per_minute,
    version = excluded.version, updated_at = excluded.updated_at
WHERE known.version <= excluded.version
"""
