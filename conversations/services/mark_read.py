"""A page has shown the end of a conversation."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.db.models import F, Q, Value
from django.db.models.functions import Greatest
from django.utils import timezone

from accounts.types import Actor
from conversations import events
from conversations.selectors.access import conversations_of, get_conversation
from conversations.selectors.conversations import row
from realtime.services import publish_on_commit


def mark_read(actor: Actor, conversation_id: UUID) -> bool:
    """Take the mark of an unread answer away, on every page. True when there was one; else nothing is written.

    The revision stays: what the log shows is the same. Publishes the row. Raises `ConversationNotFound`.
    """
    unread = Q(answered_at__isnull=False) & (Q(read_at__isnull=True) | Q(read_at__lt=F("answered_at")))
    with transaction.atomic():
        # Never before the answer, whatever the clocks of two machines say.
        seen = Greatest(Value(timezone.now()), F("answered_at"))
        if not conversations_of(actor).filter(unread, id=conversation_id).update(read_at=seen):
            get_conversation(actor, conversation_id)
            return False
        publish_on_commit(events.item_event(actor.user_id, row(get_conversation(actor, conversation_id))))
        return True
