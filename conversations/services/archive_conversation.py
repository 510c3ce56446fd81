"""Put a conversation out of sight without deleting it, and back."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.types import Actor
from conversations.models import Conversation
from conversations.selectors.access import get_conversation
from conversations.services.rows import change_row


def archive_conversation(actor: Actor, conversation_id: UUID) -> Conversation:
    """Take it out of the sidebar; where it stood it stands again after `unarchive_conversation`. Publishes the row.

    Raises `ConversationNotFound`.
    """
    return _set(actor, conversation_id, timezone.now())


def unarchive_conversation(actor: Actor, conversation_id: UUID) -> Conversation:
    """Back into the sidebar. Publishes the row. Raises `ConversationNotFound`."""
    return _set(actor, conversation_id, None)


def _set(actor: Actor, conversation_id: UUID, moment: datetime | None) -> Conversation:
    with transaction.atomic():
        conversation = get_conversation(actor, conversation_id, lock=True)
        if (conversation.archived_at is None) != (moment is None):
            conversation.archived_at = moment
            change_row(conversation, "archived_at")
        return conversation
