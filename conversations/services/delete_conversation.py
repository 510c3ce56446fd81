"""Delete with undo. Spend stays in the ledger whatever happens here."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.types import Actor
from conversations import events
from conversations.models import Conversation
from conversations.selectors.access import get_conversation
from conversations.selectors.conversations import restorable
from conversations.services.rows import change_row
from conversations.services.stop_generation import stop_all
from conversations.services.turns import bump
from realtime.services import publish_on_commit, recheck_access


def delete_conversation(actor: Actor, conversation_id: UUID) -> Conversation:
    """Hide the conversation, stop its running answers and close the sockets on it. Raises `ConversationNotFound`."""
    with transaction.atomic():
        conversation = get_conversation(actor, conversation_id, lock=True)
        conversation.deleted_at = timezone.now()
        bump(conversation, "deleted_at")
        publish_on_commit(events.removed_event(actor.user_id, conversation.id, conversation.revision))
        recheck_access(events.conversation_topic(conversation.id))
    stop_all([conversation.id])
    return conversation


def restore_conversation(actor: Actor, conversation_id: UUID) -> Conversation:
    """Undo the deletion; where it stood in the list it stands again. Publishes the row.

    Idempotent: one that is there already (another tab was faster) is returned as it is, and nothing is published.
    Raises `ConversationNotFound` for one that is not the actor's, or was deleted more than 30 days ago.
    """
    with transaction.atomic():
        conversation = restorable(actor).select_for_update(of=("self",)).filter(id=conversation_id).first()
        if conversation is None:
            return get_conversation(actor, conversation_id)
        conversation.deleted_at = None
        change_row(conversation, "deleted_at")
        return conversation
