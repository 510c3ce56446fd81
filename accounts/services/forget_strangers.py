"""Who tried to get in, and has no account here, is not remembered for ever."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from accounts.models import SecurityEvent
from accounts.models.trail import OF_STRANGERS

REMEMBERED_FOR = timedelta(days=90)  # long enough to look into an attack; the database allows no less than 30
_AT_ONCE = 5_000


def forget_strangers(*, now: datetime | None = None) -> int:
    """Blank address, browser and details of attempts of strangers that are older than `REMEMBERED_FOR`; returns how many it was.

    That and when there was an attempt stays. A batch is a transaction of its own. Safe to repeat and to run twice at once.
    """
    until = (now or timezone.now()) - REMEMBERED_FOR
    strangers = SecurityEvent.objects.filter(OF_STRANGERS, created_at__lt=until).order_by("created_at")
    forgotten = 0
    while batch := list(strangers.values_list("id", flat=True)[:_AT_ONCE]):
        forgotten += SecurityEvent.objects.filter(id__in=batch).update(address=None, agent="", details={})
    return forgotten
