"""Who may listen to a conversation, and what a page that connects is told."""

from __future__ import annotations

from uuid import UUID

from conversations.events import CONVERSATION, USER, conversation_topic, user_topic
from conversations.models import Conversation
from conversations.selectors.access import not_over
from conversations.selectors.messages import live_state
from realtime.services import register_topic
from realtime.types import LiveEvent, TopicHandler


def register() -> None:
    """Called from `AppConfig.ready()`."""
    register_topic(CONVERSATION, TopicHandler(authorize=_may_listen, state=_state))
    register_topic(USER, TopicHandler(authorize=lambda user_id, identifier: user_id == identifier, state=_listening))


def _listening(user_id: UUID, identifier: UUID) -> list[LiveEvent]:
    """Figures and the list have no revision: a page that is told so a second time has missed something, and asks for both."""
    return [LiveEvent(user_topic(user_id), "listening", {})]


def _may_listen(user_id: UUID, conversation_id: UUID) -> bool:
    return Conversation.objects.filter(not_over(), id=conversation_id, owner_id=user_id, deleted_at__isnull=True).exists()


def _state(user_id: UUID, conversation_id: UUID) -> list[LiveEvent]:
    """The revision, and for each running answer the characters so far: what a page shows beyond or below that, it fetches."""
    conversation = Conversation.objects.filter(id=conversation_id).only("id", "revision").first()
    if conversation is None:
        return []
    live = [{"message": str(message), "offset": offset, "thought": thought} for message, offset, thought in live_state(conversation)]
    return [LiveEvent(conversation_topic(conversation_id), "state", {"revision": conversation.revision, "live": live})]
