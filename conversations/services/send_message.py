"""A person says something: both turns, the hold and the job, all or nothing."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.services import remember_model
from accounts.types import Actor
from conversations.exceptions import EmptyMessage, MessageNotFound, MessageTooLong
from conversations.models import Conversation, Message, MessageRole, TitleSource
from conversations.selectors.access import conversations_of, get_conversation
from conversations.services.turns import announce_turn, begin_answer, refuse_while_running
from conversations.system_prompt import clean_system_prompt
from conversations.titles import title_from
from conversations.types import Beginning, Turn
from core.ids import uuid7
from providers.selectors.catalogue import get_model
from providers.tokens import count_tokens
from providers.types import ModelInfo

MAX_CHARACTERS = 1_000_000
TEMPORARY_TITLE = "Temporary chat"
NOTHING_SPECIAL = Beginning()


def send_message(
    actor: Actor,
    *,
    text: str,
    client_key: UUID,
    model_key: str,
    conversation_id: UUID | None = None,
    parent_id: UUID | None = None,
    beginning: Beginning = NOTHING_SPECIAL,
) -> Turn:
    """Add the question and its answer to be, hold the worst case, and hand the generation over on commit.

    Without `conversation_id` a conversation is made, as `beginning` says. `parent_id` is the message that the page showed last; the
    conversation's active leaf when not given. `client_key` is made by the page: sending the same key again, also at
    the same time, gives the same turn and no second hold. One transaction: with no room in the allowance nothing
    is written. Publishes both turns and the sidebar's row.

    Raises `EmptyMessage`, `MessageTooLong`, `ConversationNotFound`, `MessageNotFound`, `AnswerRunning`,
    `ContextFull`, the catalogue's errors, and `usage.exceptions.QuotaExceeded`.
    """
    text = text.replace("\x00", "").replace("\r\n", "\n").strip()
    if not text:
        raise EmptyMessage
    if len(text) > MAX_CHARACTERS:
        raise MessageTooLong(MAX_CHARACTERS)
    tokens = count_tokens(text)  # before any lock is held
    try:
        with transaction.atomic():
            conversation = get_conversation(actor, conversation_id, lock=True) if conversation_id else None
            earlier = _sent_before(actor, client_key)
            if earlier is not None:
                return earlier
            model = get_model(model_key)
            return _write_turn(actor, conversation or _begin(actor, model, beginning), text, tokens, client_key, model, parent_id)
    except IntegrityError:
        # The same key at the same moment: the other one was first, and has committed by now.
        earlier = _sent_before(actor, client_key)
        if earlier is None:
            raise
        return earlier


def _begin(actor: Actor, model: ModelInfo, beginning: Beginning) -> Conversation:
    conversation = Conversation(
        id=uuid7(),
        workspace_id=actor.workspace_id,
        owner_id=actor.user_id,
        model_key=model.key,
        revision=0,
        system_prompt=clean_system_prompt(beginning.system_prompt),
    )
    if beginning.temporary:
        # Its first words would stand in the window's title; and a title of the source "none" is never improved by a model.
        conversation.title = TEMPORARY_TITLE
        conversation.expires_at = timezone.now() + timedelta(hours=settings.TEMPORARY_CHAT_HOURS)
    conversation.save(force_insert=True)
    return conversation


def _write_turn(
    actor: Actor, conversation: Conversation, text: str, tokens: int, client_key: UUID, model: ModelInfo, parent_id: UUID | None
) -> Turn:
    refuse_while_running(conversation)
    if not conversation.title:
        conversation.title, conversation.title_source = title_from(text), TitleSource.FALLBACK
    parent_id = _parent(conversation, parent_id)
    _count_answer(parent_id)
    question = Message(
        conversation=conversation,
        workspace_id=actor.workspace_id,
        parent_id=parent_id,
        role=MessageRole.USER,
        text=text,
        token_count=tokens,
        text_chars=len(text),
        text_bytes=len(text.encode()),
        author_id=actor.user_id,
        client_key=client_key,
    )
    question.save(force_insert=True)
    generation = begin_answer(actor, conversation, question, model)
    remember_model(actor.user_id, model.key)
    views = announce_turn(actor, conversation, [question, generation.message], generation)
    return Turn(
        conversation_id=conversation.id,
        user_message_id=question.id,
        assistant_message_id=generation.message_id,
        generation_id=generation.id,
        revision=conversation.revision,
        new_conversation=conversation.revision == 1,
        messages=views,
    )


def _parent(conversation: Conversation, parent_id: UUID | None) -> UUID | None:
    """Where the question hangs: below the message that the page showed last. A page that is behind makes a branch."""
    if parent_id is None or parent_id == conversation.active_leaf_id:
        return conversation.active_leaf_id
    found = Message.objects.filter(id=parent_id, conversation=conversation, role=MessageRole.ASSISTANT).values_list("id", flat=True)
    if not found:
        raise MessageNotFound
    return parent_id


def _count_answer(message_id: UUID | None) -> None:
    """Count the tokens of the answer that is replied to. Done here and not where answers are written, so that only the
    web processes carry the tokenizer's 60 MB; every answer on a branch but the last has been replied to."""
    if message_id is None:
        return
    text = Message.objects.filter(id=message_id, token_count__isnull=True).values_list("text", flat=True).first()
    if text is not None:
        Message.objects.filter(id=message_id).update(token_count=count_tokens(text) if text else 0)


def _sent_before(actor: Actor, client_key: UUID) -> Turn | None:
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
