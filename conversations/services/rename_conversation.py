"""A person gives a conversation its name."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from accounts.types import Actor
from conversations.models import Conversation, TitleSource
from conversations.selectors.access import get_conversation
from conversations.services.rows import change_row
from conversations.titles import clean_title
from core.exceptions import InvalidInput


def rename_conversation(actor: Actor, conversation_id: UUID, title: str) -> Conversation:
    """Set the title (one line, at most 200 characters); no model overwrites it later. Publishes title and sidebar row.

    Raises `ConversationNotFound`, `InvalidInput` for an empty title.
    """
    cleaned = clean_title(title)
    if not cleaned:
        raise InvalidInput("A conversation needs a name.", code="empty_title")
    with transaction.atomic():
        conversation = get_conversation(actor, conversation_id, lock=True)
        set_title(conversation, cleaned, TitleSource.PERSON)
        return conversation


def set_title(conversation: Conversation, title: str, source: TitleSource) -> None:
    """Write a title and tell the pages. Part of the caller's transaction, which holds the row lock; the order stays."""
    conversation.title, conversation.title_source = title, source
    change_row(conversation, "title", "title_source")
