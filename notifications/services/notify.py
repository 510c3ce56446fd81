"""Tell somebody something by mail."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from accounts.selectors import find_person
from core.jobs import enqueue_on_commit
from notifications.models import Notification
from notifications.selectors.choices import wants
from notifications.topics import topic_of
from notifications.types import Kind


def notify(kind: Kind, user_id: UUID, context: Mapping[str, object], *, key: str, address: str = "") -> bool:
    """Queue one mail; False when there is nobody to write to, they do not want it, or `key` was used before.

    Part of the caller's transaction: no commit, no mail. Nothing is sent here, so a mail server that is down holds nobody up. `context`
    is kept as JSON and must hold no secrets; `key` names the occasion (at most 120 characters). `address` in place of the person's own is
    for news that must reach a former one.
    """
    person, topic = find_person(user_id), topic_of(kind)
    if person is None or (topic and not wants(user_id, topic)):
        return False
    row = Notification(kind=kind, user_id=user_id, address=address or person.email, context=dict(context), key=key)
    Notification.objects.bulk_create([row], ignore_conflicts=True)
    if not Notification.objects.filter(pk=row.pk).exists():
        return False
    from notifications.tasks import send_due

    enqueue_on_commit(send_due)
    return True
