"""Put the notice about a limit away."""

from __future__ import annotations

from django.utils import timezone

from accounts.types import Actor
from usage.models import LimitWarning
from usage.news import tell


def dismiss_warnings(actor: Actor) -> int:
    """Every notice that the actor's workspace has now, on every page; returns how many. The next level shows a new one. Safe to repeat.

    Publishes `usage`.
    """
    shown = LimitWarning.objects.filter(period__workspace_id=actor.workspace_id, dismissed_at__isnull=True)
    dismissed = shown.update(dismissed_at=timezone.now())
    if dismissed:
        tell(actor.workspace_id)
    return dismissed
