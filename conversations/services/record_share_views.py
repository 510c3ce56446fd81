"""Bring what readers counted into the table."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F

from conversations.models import Share
from conversations.share_views import forget_taken, take_views


def record_share_views() -> int:
    """Add the views counted since the last run to their links. Returns how many. For one job at a time: beat's, every minute."""
    counts = take_views()
    with transaction.atomic():
        for share_id, count in sorted(counts.items()):
            Share.objects.filter(id=share_id).update(views=F("views") + count)
    forget_taken()
    return sum(counts.values())
