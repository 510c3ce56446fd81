"""Show another answer (or question) of the tree; every page follows."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from accounts.types import Actor
from conversations import events
from conversations.models import Conversation, Message
from conversations.selectors.access import get_conversation, get_message
from conversations.services.places import arrive, leave_for
from conversations.services.turns import bump
from realtime.services import publish_on_commit


def switch_branch(actor: Actor, conversation_id: UUID, message_id: UUID) -> int:
    """Make the branch through this message the one that is shown. Returns the new revision.

    It is shown as it was left, down to its newest turn below that place; where the branch that is left stood is remembered in
    it. A message that is shown already changes nothing. Raises `ConversationNotFound`, `MessageNotFound`. Publishes `changed`.
    """
    with transaction.atomic():
        conversation = get_conversation(actor, conversation_id, lock=True)
        show(conversation, get_message(actor, conversation_id, message_id))
        return conversation.revision


def show(conversation: Conversation, message: Message) -> None:
    """The same as a part of the caller's transaction, which holds the conversation's lock."""
    if leave_for(conversation, message):
        conversation.active_leaf_id = arrive(conversation, message)
        bump(conversation, "active_leaf_id")
        publish_on_commit(events.changed_event(conversation.id, conversation.revision))
