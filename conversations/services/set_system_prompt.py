"""What every answer of a conversation is to follow."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from accounts.types import Actor
from conversations import events
from conversations.models import Conversation
from conversations.selectors.access import get_conversation
from conversations.services.turns import bump
from conversations.system_prompt import clean_system_prompt
from realtime.services import publish_on_commit


def set_system_prompt(actor: Actor, conversation_id: UUID, text: str) -> Conversation:
    """Store the prompt (empty: none); it counts from the next question on. The same text again changes nothing.

    Raises `SystemPromptTooLong`, `ConversationNotFound`. Publishes the header's marks.
    """
    prompt = clean_system_prompt(text)
    with transaction.atomic():
        conversation = get_conversation(actor, conversation_id, lock=True)
        if prompt != conversation.system_prompt:
            conversation.system_prompt = prompt
            bump(conversation, "system_prompt")
            publish_on_commit(events.settings_event(conversation))
        return conversation
