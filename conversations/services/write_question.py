"""What sending and editing share: a question is written once, with its answer to be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError

from accounts.services import remember_model
from accounts.types import Actor
from conversations.exceptions import EmptyMessage, MessageTooLong
from conversations.models import Conversation, Message, MessageRole
from conversations.selectors.access import conversations_of, get_conversation
from conversations.services.noting_refusals import noting_refusals
from conversations.services.places import leave
from conversations.services.turns import announce_turn, begin_answer
from conversations.types import Turn
from providers.tokens import count_tokens
from providers.types import ModelInfo

MAX_CHARACTERS = 1_000_000


@dataclass(frozen=True, slots=True)
class Wording:
    """What a person said, fit to be kept, and how many tokens it is."""

    text: str
    tokens: int


def read_wording(text: str) -> Wording:
    """The text without what cannot be stored. Raises `EmptyMessage`, `MessageTooLong`. Takes no lock, so it comes first."""
    text = text.replace("\x00", "").replace("\r\n", "\n").strip()
    if not text:
        raise EmptyMessage
    if len(text) > MAX_CHARACTERS:
        raise MessageTooLong(MAX_CHARACTERS)
    return Wording(text, count_tokens(text))


def write_once(actor: Actor, conversation_id: UUID | None, client_key: UUID, write: Callable[[Conversation | None], Turn]) -> Turn:
    """Run `write` in one transaction, under the conversation's lock. The same key again, also at the same time, is the same turn.

    Raises `ConversationNotFound` and what `write` raises.
    """
    try:
        with noting_refusals(actor):
            conversation = get_conversation(actor, conversation_id, lock=True) if conversation_id else None
            return _written_before(actor, client_key) or write(conversation)
    except IntegrityError:
        # The same key at the same moment: the other one was first, and has committed by now.
        earlier = _written_before(actor, client_key)
        if earlier is None:
            raise
        return earlier


def write_question(
    actor: Actor,
    conversation: Conversation,
    wording: Wording,
    *,
    parent_id: UUID | None,
    client_key: UUID,
    model: ModelInfo,
    new_conversation: bool = False,
    behind: bool = False,
) -> Turn:
    """Add the question below this parent with its answer to be, hold the worst case, tell the pages and hand over on commit.

    Part of the transaction of `write_once`. Raises `ContextFull` and `usage.exceptions.QuotaExceeded`.
    """
    count_answer(parent_id)
    question = Message(
        conversation=conversation,
        workspace_id=actor.workspace_id,
        parent_id=parent_id,
        role=MessageRole.USER,
        text=wording.text,
        token_count=wording.tokens,
        text_chars=len(wording.text),
        text_bytes=len(wording.text.encode()),
        author_id=actor.user_id,
        client_key=client_key,
    )
    question.save(force_insert=True)
    branched = leave(conversation, parent_id)
    generation = begin_answer(actor, conversation, question, model)
    remember_model(actor.user_id, model.key)
    views = announce_turn(actor, conversation, [question, generation.message], generation, branched=branched)
    return Turn(
        conversation_id=conversation.id,
        user_message_id=question.id,
        assistant_message_id=generation.message_id,
        generation_id=generation.id,
        revision=conversation.revision,
        new_conversation=new_conversation,
        behind=behind,
        messages=views,
    )


def count_answer(message_id: UUID | None) -> None:
    """Count the tokens of the answer that is replied to. Done here and not where answers are written, so that only the
    web processes carry the tokenizer's 60 MB; every answer on a branch but the last has been replied to."""
    if message_id is None:
        return
    text = Message.objects.filter(id=message_id, token_count__isnull=True).values_list("text", flat=True).first()
    if text is not None:
        Message.objects.filter(id=message_id).update(token_count=count_tokens(text) if text else 0)


def _written_before(actor: Actor, client_key: UUID) -> Turn | None:
    question = Message.objects.filter(
        author_id=actor.user_id, client_key=client_key, conversation__in=conversations_of(actor).values("id")
    ).first()
    if question is None:
        return None
    answer = Message.objects.select_related("generation", "conversation").filter(parent=question).order_by("id").first()
    if answer is None:
        return None
    return Turn(
        conversation_id=question.conversation_id,
        user_message_id=question.id,
        assistant_message_id=answer.id,
        generation_id=answer.generation.id,
        revision=answer.conversation.revision,
        replayed=True,
    )
