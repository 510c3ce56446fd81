"""The janitor: holds whose runner is gone give their amount back."""

from __future__ import annotations

import logging
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.utils import timezone

from usage.models import Hold
from usage.news import tell
from usage.period_rows import in_transaction
from usage.states import HoldState, sources_of

logger = logging.getLogger(__name__)


def expire_dead_leases(*, now: datetime | None = None) -> int:
    """Expire every held hold whose lease has run out, period by period; returns how many.

    Any number of janitors may run at once: each period is one short transaction, a hold or period that somebody else
    has locked is left for the next round, and a renewed hold is looked at again under its lock. A runner that comes
    back later still settles its spend (see `settle`).
    """
    now = now or timezone.now()
    dead = Hold.objects.filter(state=HoldState.HELD, lease_expires_at__lt=now).order_by().values_list("period_id", flat=True).distinct()
    expired = sum(_expire_in_period(period_id, now) for period_id in list(dead))
    if expired:
        logger.warning("Holds expired: nobody renewed their leases", extra={"holds": expired})
    return expired


def _expire_in_period(period_id: UUID, now: datetime) -> int:
    with in_transaction(), connection.cursor() as cursor:
        cursor.execute(_LOCK, [period_id])
        row = cursor.fetchone()
        if row is None:
            return 0
        (workspace_id,) = row
        cursor.execute(_EXPIRE, [sources_of(HoldState.EXPIRED), now, period_id, HoldState.EXPIRED.value, now, period_id])
        holds = int(cursor.fetchone()[0])
        if holds:
            tell(workspace_id)
        return holds


_LOCK = "SELECT workspace_id FROM usage_period WHERE id = %s FOR UPDATE SKIP LOCKED"
_EXPIRE = """
WITH dead AS (
    SELECT id FROM usage_hold WHERE state = ANY(%s) AND lease_expires_at < %s AND period_id = %s FOR UPDATE SKIP LOCKED
), closed AS (
    UPDATE usage_hold SET state = %s, closed_at = %s FROM dead WHERE usage_hold.id = dead.id
    RETURNING usage_hold.tokens, usage_hold.cost
), given_back AS (
    SELECT count(*) AS holds, coalesce(sum(tokens), 0) AS tokens, coalesce(sum(cost), 0) AS cost FROM closed
)
UPDATE usage_period SET tokens_held = tokens_held - given_back.tokens, cost_held = cost_held - given_back.cost
FROM given_back WHERE usage_period.id = %s RETURNING given_back.holds
"""
