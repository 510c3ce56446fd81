"""What somebody does not want to be written about."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from notifications.models import Muted, Notification
from notifications.topics import kinds_of
from notifications.types import Status, Topic


def set_muted_topics(user_id: UUID, topics: frozenset[Topic]) -> None:
    """Exactly these are muted from now on; any others come again. Safe to repeat and to run twice at once.

    Mails about them that still wait are not sent either.
    """
    with transaction.atomic():
        Muted.objects.filter(user_id=user_id).exclude(topic__in=topics).delete()
        _mute(user_id, topics)


def mute(user_id: UUID, topic: Topic) -> None:
    """No mails of this one; the others stay as they are. Safe to repeat."""
    with transaction.atomic():
        _mute(user_id, frozenset([topic]))


def unmute(user_id: UUID, topic: Topic) -> None:
    """Mails of this one come again. Safe to repeat."""
    Muted.objects.filter(user_id=user_id, topic=topic).delete()


def _mute(user_id: UUID, topics: frozenset[Topic]) -> None:
    Muted.objects.bulk_create([Muted(user_id=user_id, topic=topic) for topic in sorted(topics)], ignore_conflicts=True)
    Notification.objects.filter(user_id=user_id, kind__in=kinds_of(topics), status=Status.QUEUED).delete()
