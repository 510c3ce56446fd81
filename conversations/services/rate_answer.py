"""A thumb for an answer, and why."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from accounts.types import Actor
from conversations import events
from conversations.exceptions import MessageNotFound, UnknownReason
from conversations.feedback_reasons import COMMENT_CHARACTERS, REASONS
from conversations.models import Feedback, Generation, Rating
from conversations.selectors.access import get_conversation, get_message
from conversations.selectors.messages import generation_of, view_messages
from conversations.services.turns import bump
from conversations.states import LIVE
from conversations.types import MessageView
from core.exceptions import InvalidInput
from realtime.services import publish_on_commit


def rate_answer(actor: Actor, conversation_id: UUID, message_id: UUID, rating: str) -> MessageView:
    """Set the actor's thumb for a finished answer, `good` or `bad`; empty takes it back, with its reason. Returns the message.

    Another thumb than before forgets the reason, which was for that one. Raises `MessageNotFound` (also for what is no
    finished answer), `InvalidInput` for another rating. Publishes the message.
    """
    if rating and rating not in Rating.values:
        raise InvalidInput("An answer is rated good or bad.", code="unknown_rating")
    with transaction.atomic():
        conversation = get_conversation(actor, conversation_id, lock=True)
        message = get_message(actor, conversation_id, message_id)
        generation = _rated(generation_of(message))
        given = Feedback.objects.filter(generation=generation, user_id=actor.user_id)
        if not rating:
            given.delete()
        elif not given.filter(rating=rating).exists():
            Feedback.objects.update_or_create(
                generation=generation,
                user_id=actor.user_id,
                defaults={"workspace_id": actor.workspace_id, "rating": rating, "reason": "", "comment": ""},
            )
        bump(conversation)
        (view,) = view_messages([message])
        publish_on_commit(events.message_event(view, conversation.revision))
        return view


def explain_rating(actor: Actor, conversation_id: UUID, message_id: UUID, *, reason: str, comment: str) -> Feedback:
    """Say why. Both may be empty; said again, the later words count. No page shows it, so none is told.

    Raises `MessageNotFound` for an answer that the actor has not rated, `UnknownReason`, `InvalidInput` for a long comment.
    """
    generation = _rated(generation_of(get_message(actor, conversation_id, message_id)))
    feedback = Feedback.objects.filter(generation=generation, user_id=actor.user_id).first()
    if feedback is None:
        raise MessageNotFound
    comment = comment.replace("\x00", "").replace("\r\n", "\n").strip()
    if reason and reason not in REASONS[feedback.rating]:
        raise UnknownReason
    if len(comment) > COMMENT_CHARACTERS:
        raise InvalidInput(f"At most {COMMENT_CHARACTERS:,} characters fit into a comment.", code="comment_too_long")
    feedback.reason, feedback.comment = reason, comment
    feedback.save(update_fields=["reason", "comment"])
    return feedback


def _rated(generation: Generation | None) -> Generation:
    if generation is None or generation.state in LIVE:
        raise MessageNotFound
    return generation
