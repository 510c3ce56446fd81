"""Put a conversation above the list, and back."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.types import Actor
from conversations.exceptions import TooManyPinned
from conversations.models import Conversation
from conversations.selectors.access import conversations_of, get_conversation
from conversations.selectors.conversations import PINNED_LIMIT
from conversations.services.rows import change_row


def pin_conversation(actor: Actor, conversation_id: UUID) -> Conversation:
    """Let it stand first among the pinned ones. Pinning what is pinned changes nothing. Publishes the row.

    Raises `ConversationNotFound`, `TooManyPinned`.
    """
    with transaction.atomic():
        conversation = get_conversation(actor, conversation_id, lock=True)
        if conversation.pinned_at is None:
            if conversations_of(actor).filter(pinned_at__isnull=False).count() >= PINNED_LIMIT:
                raise TooManyPinned(PINNED_LIMIT)
            conversation.pinned_at = timezone.now()
            change_row(conversation, "pinned_at")
        return conversation


def unpin_conversation(actor: Actor, conversation_id: UUID) -> Conversation:
    """Let it stand by its date or in its folder again. Publishes the row. Raises `ConversationNotFound`."""
    with transaction.atomic():
        conversation = get_conversation(actor, conversation_id, lock=True)
        if conversation.pinned_at is not None:
            conversation.pinned_at = None
            change_row(conversation, "pinned_at")
        return conversation
