"""Remember what the smallest call needs, once a call was refused."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.utils import timezone

from usage.models import Period
from usage.period_rows import FIGURES, in_transaction
from usage.periods import month_of
from usage.services.warn import warn
from usage.types import percent_of_limits


def note_refusal(workspace_id: UUID, *, least_tokens: int, least_cost: Decimal, now: datetime | None = None) -> bool:
    """A call had no room; the smallest that anybody could make needs `least_...` (USD).

    From now on the running period counts as used up (`Balance.percent_used`) when less than that is left beside what is settled: at
    once, or when what is held now has been settled, and people are told (`warn`). So a large call that is refused while a small
    one has room, or while running answers hold the rest, says nothing to anybody. Publishes `usage`.

    Returns whether it is used up now. Call it after the rollback of what was refused. In the caller's transaction, or one of its own;
    refused again and again, it only reads.
    """
    now = now or timezone.now()
    running = Period.objects.filter(workspace_id=workspace_id, starts_at=month_of(now).starts_at)
    known = running.values_list("least_tokens", "least_cost").first()
    if known is None:
        return False  # nothing was used yet
    with in_transaction():
        if news := known != (least_tokens, least_cost):  # else whoever settles or sets limits goes by it already
            running.update(least_tokens=least_tokens, least_cost=least_cost)
        period_id, *figures = running.values_list("id", *FIGURES).get()
        percent = percent_of_limits(*figures)
        if news:
            warn(workspace_id, period_id, percent, now)
    return percent >= 100
