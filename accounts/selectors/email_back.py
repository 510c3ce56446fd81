"""Changes of an address that the owner of the former one may take back."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils import timezone

from accounts.email_back import GOOD_FOR, email_back_address
from accounts.models import SecurityEvent, User
from accounts.types import SecurityEventKind


def email_back_link(event_id: UUID) -> tuple[str, datetime] | None:
    """The signed address for the mail about this change, without the host, and until when it is good; None when nothing leads back."""
    event = change_to_take_back(event_id)
    return (email_back_address(event.id), event.created_at + GOOD_FOR) if event else None


def change_to_take_back(event_id: UUID, *, now: datetime | None = None) -> SecurityEvent | None:
    """The change, while it can be taken back: within a week, once, of somebody who is here. Two or three queries.

    Nobody takes back what an operator did, or what was taken back. And the first in a row of changes has the last word: when that
    is taken back, no later one can be, for whoever takes an account over may change its address many times.
    """
    kind, since = SecurityEventKind.EMAIL_CHANGED, (now or timezone.now()) - GOOD_FOR
    event = SecurityEvent.objects.filter(id=event_id, kind=kind, created_at__gt=since).first()
    if event is None or event.subject_id is None or not event.details.get("from"):
        return None
    if event.details.get("taken_back") or _by_operator(event):
        return None
    if any(_ends(later, event) for later in SecurityEvent.objects.filter(subject_id=event.subject_id, kind=kind, id__gt=event.id)):
        return None
    return event if User.objects.filter(pk=event.subject_id, is_active=True).exists() else None


def _ends(later: SecurityEvent, event: SecurityEvent) -> bool:
    taken_back = later.details.get("taken_back")
    return _by_operator(later) or bool(taken_back and UUID(taken_back) <= event.id)


def _by_operator(event: SecurityEvent) -> bool:
    return event.actor_id not in (None, event.subject_id)
