"""Give a hold back because no call was made."""

from __future__ import annotations

from django.db import connection
from django.utils import timezone

from usage.news import tell
from usage.period_rows import in_transaction, lock_period_of_hold
from usage.states import HoldState, sources_of


def release(hold_key: str) -> bool:
    """Give the hold's amount back to its period. True when this call did it; False when it is no longer held, or unknown.

    A compare-and-swap under the lock of the period, in the caller's transaction; safe to repeat. Publishes `usage`.
    """
    with in_transaction():
        held = lock_period_of_hold(hold_key)
        if held is None:
            return False
        with connection.cursor() as cursor:
            cursor.execute(_RELEASE, [HoldState.RELEASED.value, timezone.now(), hold_key, sources_of(HoldState.RELEASED)])
            released = bool(cursor.rowcount == 1)
        if released:
            tell(held.workspace_id)
    return released


_RELEASE = """
WITH closed AS (
    UPDATE usage_hold SET state = %s, closed_at = %s WHERE key = %s AND state = ANY(%s)
    RETURNING period_id, tokens, cost
)
UPDATE usage_period SET tokens_held = tokens_held - closed.tokens, cost_held = cost_held - closed.cost
FROM closed WHERE usage_period.id = closed.period_id
"""
