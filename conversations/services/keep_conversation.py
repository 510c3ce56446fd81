"""A temporary chat becomes one like all others."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from accounts.types import Actor
from conversations import events
from conversations.models import Conversation, Generation, Message, MessageRole, TitleSource
from conversations.selectors.access import get_conversation
from conversations.services.rows import change_row
from conversations.states import GenerationState
from conversations.titles import title_from
from core.jobs import enqueue_on_commit
from realtime.services import publish_on_commit


def keep_conversation(actor: Actor, conversation_id: UUID) -> Conversation:
    """Nothing erases it any more, and it takes its place in the list, named as any other would be. A second time changes nothing.

    Raises `ConversationNotFound`. Publishes title, header and sidebar row; asks for a title when an answer is there.
    """
    from conversations.tasks import make_title

    with transaction.atomic():
        conversation = get_conversation(actor, conversation_id, lock=True)
        if not conversation.temporary:
            return conversation
        conversation.expires_at = None
        if conversation.title_source == TitleSource.NONE:
            first = Message.objects.filter(conversation=conversation, parent__isnull=True, role=MessageRole.USER).order_by("id").first()
            conversation.title, conversation.title_source = title_from(first.text if first else ""), TitleSource.FALLBACK
        change_row(conversation, "expires_at", "title", "title_source")
        publish_on_commit(events.settings_event(conversation))
        answered = Generation.objects.filter(conversation=conversation, state=GenerationState.COMPLETED).exists()
        if answered and conversation.title_source == TitleSource.FALLBACK:
            enqueue_on_commit(make_title, str(conversation.id), f"title:{conversation.id}")
        return conversation
