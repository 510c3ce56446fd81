"""What somebody said about an answer."""

from __future__ import annotations

from uuid import UUID

from accounts.types import Actor
from conversations.models import Feedback
from conversations.selectors.access import get_message


def get_feedback(actor: Actor, conversation_id: UUID, message_id: UUID) -> Feedback | None:
    """The actor's own thumb for this answer, if there is one. Raises `MessageNotFound`."""
    message = get_message(actor, conversation_id, message_id)
    return Feedback.objects.filter(generation__message=message, user_id=actor.user_id).first()
