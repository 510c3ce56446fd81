"""Links that lead nowhere any more are not kept for ever: what they showed is somebody's conversation."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from conversations.models import Share, SharedMessage

REVOKED_KEPT = timedelta(days=7)
EXPIRED_KEPT = timedelta(days=30)
_BATCH = 20


def erase_old_shares() -> int:
    """Erase links that were revoked a week ago (until then it can be undone) or expired a month ago, a few at a time.

    Returns how many. Safe to repeat and to run twice at once.
    """
    now = timezone.now()
    old = Share.objects.filter(Q(revoked_at__lt=now - REVOKED_KEPT) | Q(expires_at__lt=now - EXPIRED_KEPT))
    erased = 0
    while ids := list(old.values_list("id", flat=True)[:_BATCH]):
        SharedMessage.objects.filter(share_id__in=ids).delete()
        erased += Share.objects.filter(id__in=ids).delete()[1].get("conversations.Share", 0)
    return erased
