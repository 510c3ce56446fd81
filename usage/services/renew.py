"""Keep holds alive while their answers run."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone

from usage.states import HoldState


def renew(keys: Sequence[str], lease_seconds: int = 120, *, now: datetime | None = None) -> int:
    """Let the leases of these holds run until `lease_seconds` from now; returns how many were renewed.

    Only held ones: what is settled, released or expired stays so. A hold that somebody is closing at this moment is
    passed over, so that a runner with hundreds of holds waits for nobody; call it well before a lease runs out.
    """
    if not keys:
        return 0
    now = now or timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(_RENEW, [now + timedelta(seconds=lease_seconds), list(keys), HoldState.HELD.value])
        return int(cursor.rowcount)


_RENEW = """
UPDATE usage_hold SET lease_expires_at = %s WHERE id IN (
    SELECT id FROM usage_hold WHERE key = ANY(%s) AND state = %s FOR UPDATE SKIP LOCKED
)
"""
