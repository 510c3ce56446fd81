"""What is yours. Authorisation lives in the query: what is not yours is not found."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.types import Actor
from conversations.exceptions import ConversationNotFound, MessageNotFound
from conversations.models import Conversation, Message


def conversations_of(actor: Actor, *, deleted: bool = False) -> QuerySet[Conversation]:
    """The actor's conversations in their workspace; the deleted ones instead when asked for."""
    mine = Conversation.objects.filter(owner_id=actor.user_id, workspace_id=actor.workspace_id, deleted_at__isnull=not deleted)
    return mine.filter(not_over())


def not_over(prefix: str = "") -> Q:
    """Not a temporary chat whose time is up: that one is gone at once, whenever the job comes that erases it."""
    return Q(**{f"{prefix}expires_at__isnull": True}) | Q(**{f"{prefix}expires_at__gt": timezone.now()})


def get_conversation(actor: Actor, conversation_id: UUID, *, lock: bool = False) -> Conversation:
    """One conversation of the actor. `lock` holds the row until the transaction ends. Raises `ConversationNotFound`."""
    rows = conversations_of(actor)
    if lock:
        rows = rows.select_for_update(of=("self",))
    conversation = rows.filter(id=conversation_id).first()
    if conversation is None:
        raise ConversationNotFound
    return conversation


def get_message(actor: Actor, conversation_id: UUID, message_id: UUID) -> Message:
    """One message of one of the actor's conversations, with its generation if it has one; deleted ones do not exist.

    Raises `MessageNotFound`.
    """
    message = (
        Message.objects.select_related("generation", "conversation")
        .filter(
            not_over("conversation__"),
            id=message_id,
            conversation_id=conversation_id,
            conversation__owner_id=actor.user_id,
            conversation__workspace_id=actor.workspace_id,
            conversation__deleted_at__isnull=True,
            deleted_at__isnull=True,
        )
        .first()
    )
    if message is None:
        raise MessageNotFound
    return message
