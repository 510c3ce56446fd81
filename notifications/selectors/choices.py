"""What people want to be written about."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from notifications.models import Muted
from notifications.types import Topic


def muted_topics(user_id: UUID) -> frozenset[Topic]:
    """What this person switched off. One query."""
    return frozenset(Topic(topic) for topic in Muted.objects.filter(user_id=user_id).values_list("topic", flat=True))


def wants(user_id: UUID, topic: Topic) -> bool:
    """Whether mails of the topic may go to this person. One query."""
    return not Muted.objects.filter(user_id=user_id, topic=topic).exists()


def who_wants(user_ids: Collection[UUID], topic: Topic) -> set[UUID]:
    """Those of them that mails of the topic may go to. One query."""
    return set(user_ids) - set(Muted.objects.filter(user_id__in=user_ids, topic=topic).values_list("user_id", flat=True))
