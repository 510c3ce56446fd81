"""The trail of somebody who is gone keeps what happened and when, and nothing that leads to them."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import Q

from accounts.models import SecurityEvent


def erase_security_traces(user_ids: Collection[UUID]) -> int:
    """Blank the details of all events about these people, and address and browser where it was them; returns how many it was.

    Where an operator acted on them stays known. Call it after their rows are deleted, in the same transaction: of people who
    are still here the database refuses it. Safe to repeat.
    """
    about = SecurityEvent.objects.filter(subject_id__in=user_ids)
    by = SecurityEvent.objects.filter(Q(actor_id__in=user_ids) | Q(subject_id__in=user_ids, actor_id=None))
    about.exclude(details={}).update(details={})
    return by.exclude(address=None, agent="", details={}).update(address=None, agent="", details={})
