"""Another answer to the same question; the earlier one stays as a sibling."""

from __future__ import annotations

from uuid import UUID

from accounts.types import Actor
from conversations.exceptions import MessageNotFound
from conversations.models import Conversation, Generation, Message, MessageRole, SignalKind
from conversations.selectors.access import get_conversation, get_message
from conversations.selectors.messages import generation_of
from conversations.services.noting_refusals import noting_refusals
from conversations.services.places import leave
from conversations.services.signals import note_signal
from conversations.services.turns import announce_turn, begin_answer, refuse_while_running
from conversations.types import Turn
from core.exceptions import NotFound
from providers.selectors.catalogue import default_model, get_model
from providers.types import ModelInfo


def regenerate(actor: Actor, conversation_id: UUID, message_id: UUID, model_key: str = "", *, seen_id: UUID | None = None) -> Turn:
    """Answer the question above this answer once more, with the same model unless another is named.

    The message may also be a question, which is then answered (one whose answers were deleted, or that was forked without).
    One transaction with a new hold; the branch now shows the new answer. `seen_id` is the message that the page showed last
    (`Turn.behind` says when that was not the end). Raises `MessageNotFound`, `AnswerRunning`, `ContextFull`, the catalogue's
    errors and `usage.exceptions.QuotaExceeded`.
    """
    with noting_refusals(actor):
        conversation = get_conversation(actor, conversation_id, lock=True)
        message = get_message(actor, conversation_id, message_id)
        refuse_while_running(conversation)
        earlier = generation_of(message)
        note_signal(actor, earlier, SignalKind.REGENERATED)
        model = model_for(model_key, earlier.model_key if earlier else conversation.model_key)
        return answer_again(actor, conversation, question_of(message), model, seen_id=seen_id)


def question_of(message: Message) -> Message:
    """The question that this message answers, or is. Raises `MessageNotFound` for an answer to nothing."""
    if message.role == MessageRole.USER:
        return message
    if message.parent is None:
        raise MessageNotFound
    return message.parent


def answer_again(
    actor: Actor,
    conversation: Conversation,
    question: Message,
    model: ModelInfo,
    *,
    seen_id: UUID | None,
    continues: Message | None = None,
) -> Turn:
    """A further answer to a question, shown from now on. Part of the caller's transaction, which holds the conversation's lock."""
    behind = seen_id is not None and seen_id != conversation.active_leaf_id
    branched = leave(conversation, question.id)
    generation: Generation = begin_answer(actor, conversation, question, model, continues)
    views = announce_turn(actor, conversation, [generation.message], generation, branched=branched)
    return Turn(
        conversation_id=conversation.id,
        user_message_id=question.id,
        assistant_message_id=generation.message_id,
        generation_id=generation.id,
        revision=conversation.revision,
        behind=behind,
        messages=views,
    )


def model_for(model_key: str, earlier_key: str) -> ModelInfo:
    """The model that is named, else the earlier one, else the default if that is no longer offered.

    Raises the catalogue's errors for one that is named.
    """
    if model_key:
        return get_model(model_key)
    try:
        return get_model(earlier_key) if earlier_key else default_model()
    except NotFound:
        return default_model()
