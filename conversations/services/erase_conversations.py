"""Conversations are removed for good: what was deleted 30 days ago, and temporary chats that are over. The ledger is not touched."""

from __future__ import annotations

import logging
import time
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from conversations import events
from conversations.models import Conversation, Generation
from conversations.selectors.conversations import KEPT_DELETED
from conversations.services.stop_generation import stop_all
from conversations.states import LIVE
from realtime.services import publish_on_commit, recheck_access

logger = logging.getLogger(__name__)

BATCH = 100
LONGEST_RUN_SECONDS = 40.0


def erase_conversations(*, now: datetime | None = None) -> int:
    """One round, every minute by beat; returns how many were erased. What is left over, the next round does.

    A transaction for each conversation, whose row is skipped while somebody else holds it: any number of these may run at once. A running
    answer is stopped and settled first, so such a conversation goes in a later round. Publishes what pages of temporary chats need.
    """
    now = now or timezone.now()
    end = time.monotonic() + LONGEST_RUN_SECONDS
    erased, seen = 0, set[UUID]()
    while batch := list(_due(now).exclude(id__in=seen).values_list("id", flat=True)[:BATCH]):
        for conversation_id in batch:
            if time.monotonic() > end:
                return erased
            seen.add(conversation_id)
            erased += _erase(conversation_id, now)
    if erased:
        logger.info("Conversations were erased", extra={"count": erased})
    return erased


def _due(now: datetime) -> QuerySet[Conversation]:
    return Conversation.objects.filter(Q(deleted_at__lte=now - KEPT_DELETED) | Q(expires_at__lte=now)).order_by()


def _erase(conversation_id: UUID, now: datetime) -> bool:
    if Generation.objects.filter(conversation_id=conversation_id, state__in=LIVE).exists():
        stop_all([conversation_id])
    with transaction.atomic():
        conversation = _due(now).select_for_update(of=("self",), skip_locked=True).filter(id=conversation_id).first()
        if conversation is None or conversation.generations.filter(state__in=LIVE).exists():
            return False
        publish_on_commit(events.removed_event(conversation.owner_id, conversation.id, conversation.revision + 1))
        conversation.delete()
        recheck_access(events.conversation_topic(conversation_id))
    return True
