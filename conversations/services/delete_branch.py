"""A version with everything below it goes away, and comes back."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.types import Actor
from conversations import events, tree
from conversations.exceptions import MessageNotFound, NotRestorable
from conversations.models import Conversation, Message
from conversations.selectors.access import get_conversation, get_message
from conversations.services.places import arrive
from conversations.services.stop_generation import stop_all
from conversations.services.switch_branch import show
from conversations.services.turns import bump
from realtime.services import publish_on_commit


def delete_branch(actor: Actor, conversation_id: UUID, message_id: UUID) -> Message:
    """Hide the message and everything below it, and stop what is being written there. Returns the message.

    When it was shown, the version before it is shown instead, else the one after it, else what stands above. Spend stays in
    the ledger. Raises `ConversationNotFound`, `MessageNotFound`. Publishes `changed`.
    """
    with transaction.atomic():
        conversation = get_conversation(actor, conversation_id, lock=True)
        message = get_message(actor, conversation_id, message_id)
        gone = tree.subtree(message.id)
        message.deleted_at = timezone.now()
        if conversation.active_leaf_id in gone:
            message.left_at_leaf_id = conversation.active_leaf_id  # undoing comes back there
            message.save(update_fields=["left_at_leaf"])
        Message.objects.filter(id__in=gone).update(deleted_at=message.deleted_at)
        # Whoever stood there stands at its edge now.
        Message.objects.filter(left_at_leaf__in=gone).exclude(id__in=gone).update(left_at_leaf=message.parent_id)
        if conversation.active_leaf_id in gone:
            conversation.active_leaf_id = _instead(conversation, message)
        _tell(conversation)
    stop_all([conversation.id], among=gone)
    return message


def restore_branch(actor: Actor, conversation_id: UUID, message_id: UUID) -> Conversation:
    """Undo the deletion: what went away together is there again, and shown as it was. Publishes `changed`.

    Restoring what is not deleted only shows it. Raises `ConversationNotFound`, `MessageNotFound`, and `NotRestorable` when what
    it hung below was deleted as well.
    """
    with transaction.atomic():
        conversation = get_conversation(actor, conversation_id, lock=True)
        message = Message.objects.select_related("parent").filter(id=message_id, conversation=conversation).first()
        if message is None:
            raise MessageNotFound
        if message.parent is not None and message.parent.deleted_at is not None:
            raise NotRestorable
        if message.deleted_at is not None:
            back = tree.subtree(message.id, deleted_at=message.deleted_at)
            Message.objects.filter(id__in=back).update(deleted_at=None)
        show(conversation, message)
        return conversation


def _instead(conversation: Conversation, message: Message) -> UUID | None:
    siblings = Message.objects.filter(conversation=conversation, parent_id=message.parent_id, deleted_at__isnull=True)
    sibling = siblings.filter(id__lt=message.id).order_by("-id").first() or siblings.order_by("id").first()
    return arrive(conversation, sibling) if sibling else message.parent_id


def _tell(conversation: Conversation) -> None:
    bump(conversation, "active_leaf_id")
    publish_on_commit(events.changed_event(conversation.id, conversation.revision))
