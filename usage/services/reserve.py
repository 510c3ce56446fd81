"""Set a worst case aside before a provider is called."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, cast
from uuid import UUID

from django.db import connection
from django.utils import timezone

from core.exceptions import Conflict
from core.ids import uuid7
from usage.exceptions import QuotaExceeded
from usage.models import Hold, Period
from usage.news import tell
from usage.period_rows import in_transaction, lock_period, open_period
from usage.periods import Span, month_of
from usage.states import HoldState
from usage.types import HoldRequest


def reserve(request: HoldRequest, *, now: datetime | None = None) -> UUID:
    """Hold `request.tokens` and `request.cost` in the running period; returns the id of the hold.

    One conditional `UPDATE ... WHERE used + held + n <= limit` and the hold's row, in one statement and in the caller's
    transaction: any number of callers at once never pass the limit together. What costs nothing needs no money, also where more
    than the limit was used. Idempotent by `request.key`: the same key
    gives the same hold, and the counters move once. The first hold of a month opens its period.

    Publishes `usage`. Raises `QuotaExceeded` when there is no room (nothing is written, the caller's transaction stays usable), `Conflict`
    when the key belongs to another workspace, `ValueError` for negative amounts.
    """
    if request.tokens < 0 or request.cost < 0:
        raise ValueError("A hold is never negative.")
    now = now or timezone.now()
    span = month_of(now)
    with in_transaction():
        taken = _take(request, span, now) or _known(request) or _take_with_care(request, span, now)
        tell(request.workspace_id)
    return taken


def _take(request: HoldRequest, span: Span, now: datetime) -> UUID | None:
    """The fast road. None when the key is known, there is no room, or no period yet."""
    parameters: dict[str, Any] = {
        "id": uuid7(),
        "key": request.key,
        "workspace": request.workspace_id,
        "starts_at": span.starts_at,
        "tokens": request.tokens,
        "cost": request.cost,
        "source": request.source,
        "now": now,
        "lease": now + timedelta(seconds=request.lease_seconds),
        "held": HoldState.HELD.value,
    }
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, parameters)
        period_id, hold_id = cursor.fetchone()
        if period_id is not None and hold_id is None:
            # The same key at the same moment: both saw no hold, the other one was first. Its hold stands, ours goes back.
            cursor.execute(_GIVE_BACK, [request.tokens, request.cost, period_id])
    return cast(UUID | None, hold_id)


def _known(request: HoldRequest) -> UUID | None:
    row = Hold.objects.filter(key=request.key).values_list("id", "workspace_id").first()
    if row is None:
        return None
    if row[1] != request.workspace_id:
        raise Conflict("This key is already in use.", code="key_in_use")
    return row[0]


def _take_with_care(request: HoldRequest, span: Span, now: datetime) -> UUID:
    """No room, or no period yet. Refusals take no lock; whoever may pass looks again under the lock of the period."""
    period = _figures(request.workspace_id, span)
    if period is None:
        open_period(request.workspace_id, span)
    else:
        _refuse_without_room(request, period)
    lock_period(request.workspace_id, now)
    hold_id = _take(request, span, now) or _known(request)
    if hold_id is None:
        _refuse_without_room(request, Period.objects.get(workspace_id=request.workspace_id, starts_at=span.starts_at))
        raise RuntimeError(f"Hold {request.key} was refused although there is room for it.")
    return hold_id


def _figures(workspace_id: UUID, span: Span) -> Period | None:
    return Period.objects.filter(workspace_id=workspace_id, starts_at=span.starts_at).first()


def _refuse_without_room(request: HoldRequest, period: Period) -> None:
    if period.tokens_limit is not None:
        tokens_left = period.tokens_limit - period.tokens_used - period.tokens_held
        if request.tokens > tokens_left:
            needed, left, held = request.tokens, max(0, tokens_left), period.tokens_held
            raise QuotaExceeded(needed=needed, left=left, held=held, unit="tokens", resets_at=period.ends_at)
    if period.cost_limit is not None and request.cost:
        cost_left = period.cost_limit - period.cost_used - period.cost_held
        if request.cost > cost_left:
            price, rest = request.cost, max(Decimal(0), cost_left)
            raise QuotaExceeded(needed=price, left=rest, held=period.cost_held, unit="cost", resets_at=period.ends_at)


_TAKE = """
WITH room AS (
    UPDATE usage_period
    SET tokens_held = tokens_held + %(tokens)s, cost_held = cost_held + %(cost)s
    WHERE workspace_id = %(workspace)s AND starts_at = %(starts_at)s
        AND (tokens_limit IS NULL OR tokens_used + tokens_held + %(tokens)s <= tokens_limit)
        AND (cost_limit IS NULL OR %(cost)s = 0 OR cost_used + cost_held + %(cost)s <= cost_limit)
        AND NOT EXISTS (SELECT FROM usage_hold WHERE key = %(key)s)
    RETURNING id
), hold AS (
    INSERT INTO usage_hold (id, key, workspace_id, period_id, tokens, cost, state, lease_expires_at, source, created_at)
    SELECT %(id)s, %(key)s, %(workspace)s, room.id, %(tokens)s, %(cost)s, %(held)s, %(lease)s, %(source)s, %(now)s FROM room
    ON CONFLICT (key) DO NOTHING
    RETURNING id
)
SELECT (SELECT id FROM room), (SELECT id FROM hold)
"""
_GIVE_BACK = "UPDATE usage_period SET tokens_held = tokens_held - %s, cost_held = cost_held - %s WHERE id = %s"
