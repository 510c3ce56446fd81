"""Another answer to the same question; the earlier one stays as a sibling."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from accounts.types import Actor
from conversations.exceptions import MessageNotFound
from conversations.models import Message, MessageRole
from conversations.selectors.access import get_conversation, get_message
from conversations.selectors.messages import generation_of
from conversations.services.turns import announce_turn, begin_answer, refuse_while_running
from conversations.types import Turn
from core.exceptions import NotFound
from providers.selectors.catalogue import default_model, get_model
from providers.types import ModelInfo


def regenerate(actor: Actor, conversation_id: UUID, message_id: UUID, model_key: str = "") -> Turn:
    """Answer the question above this answer once more, with the same model unless another is named.

    One transaction with a new hold; the branch now shows the new answer. Raises `MessageNotFound`, `AnswerRunning`,
    `ContextFull`, the catalogue's errors and `usage.exceptions.QuotaExceeded`.
    """
    with transaction.atomic():
        conversation = get_conversation(actor, conversation_id, lock=True)
        answer = get_message(actor, conversation_id, message_id)
        if answer.role != MessageRole.ASSISTANT or answer.parent_id is None:
            raise MessageNotFound
        refuse_while_running(conversation)
        question = Message.objects.get(id=answer.parent_id)
        generation = begin_answer(actor, conversation, question, _model(answer, model_key))
        views = announce_turn(actor, conversation, [generation.message], generation)
        return Turn(
            conversation_id=conversation.id,
            user_message_id=question.id,
            assistant_message_id=generation.message_id,
            generation_id=generation.id,
            revision=conversation.revision,
            messages=views,
        )


def _model(answer: Message, model_key: str) -> ModelInfo:
    if model_key:
        return get_model(model_key)
    earlier = generation_of(answer)
    try:
        return get_model(earlier.model_key) if earlier else default_model()
    except NotFound:
        return default_model()  # the model of then is no longer offered
