"""Show another answer (or question) of the tree; every page follows."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from accounts.types import Actor
from conversations import events, tree
from conversations.exceptions import MessageNotFound
from conversations.selectors.access import get_conversation
from conversations.services.turns import bump
from realtime.services import publish_on_commit


def switch_branch(actor: Actor, conversation_id: UUID, message_id: UUID) -> int:
    """Make the branch through this message the one that is shown, down to its newest leaf. Returns the new revision.

    Raises `ConversationNotFound`, `MessageNotFound`. Publishes `changed`.
    """
    with transaction.atomic():
        conversation = get_conversation(actor, conversation_id, lock=True)
        leaf = tree.latest_leaf_below(conversation.id, message_id)
        if leaf is None:
            raise MessageNotFound
        if leaf != conversation.active_leaf_id:
            conversation.active_leaf_id = leaf
            bump(conversation, "active_leaf_id")
            publish_on_commit(events.changed_event(conversation.id, conversation.revision))
        return conversation.revision
