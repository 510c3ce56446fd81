"""An operator has mended what kept mails from going out."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.utils import timezone

from core.jobs import enqueue_on_commit
from notifications.models import Notification
from notifications.types import Status


def try_again(ids: Collection[UUID]) -> int:
    """Queue those of them that were given up, with all their tries; returns how many. What was sent is never sent again."""
    from notifications.tasks import send_due

    given_up = Notification.objects.filter(pk__in=ids, status=Status.FAILED)
    count = given_up.update(status=Status.QUEUED, attempts=0, due_at=timezone.now())
    if count:
        enqueue_on_commit(send_due)
    return count
