"""A person says something: both turns, the hold and the job, all or nothing."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from accounts.types import Actor
from conversations.exceptions import MessageNotFound
from conversations.models import Conversation, Message, MessageRole, TitleSource
from conversations.services.turns import refuse_while_running
from conversations.services.write_question import read_wording, write_once, write_question
from conversations.system_prompt import clean_system_prompt
from conversations.titles import title_from
from conversations.types import Beginning, Turn
from core.ids import uuid7
from providers.selectors.catalogue import get_model
from providers.types import ModelInfo

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
    at_start: bool = False,
    beginning: Beginning = NOTHING_SPECIAL,
) -> Turn:
    """Add the question and its answer to be, hold the worst case, and hand the generation over on commit.

    Without `conversation_id` a conversation is made, as `beginning` says. `parent_id` is the message that the page showed last,
    `at_start` says that it showed none; without either it is the conversation's active leaf. A page that was behind makes a branch
    (`Turn.behind`). `client_key` is made by the page: sending the same key again, also at the same time, gives the same turn
    and no second hold. One transaction: with no room in the allowance nothing is written. Publishes both turns and the sidebar's row.

    Raises `EmptyMessage`, `MessageTooLong`, `ConversationNotFound`, `MessageNotFound`, `AnswerRunning`,
    `ContextFull`, the catalogue's errors, and `usage.exceptions.QuotaExceeded`.
    """
    wording = read_wording(text)

    def write(existing: Conversation | None) -> Turn:
        model = get_model(model_key)
        conversation = existing or _begin(actor, model, beginning)
        refuse_while_running(conversation)
        if not conversation.title:
            conversation.title, conversation.title_source = title_from(wording.text), TitleSource.FALLBACK
        parent = None if at_start else _parent(conversation, parent_id)
        return write_question(
            actor,
            conversation,
            wording,
            parent_id=parent,
            client_key=client_key,
            model=model,
            new_conversation=existing is None,
            behind=parent != conversation.active_leaf_id,
        )

    return write_once(actor, conversation_id, client_key, write)


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


def _parent(conversation: Conversation, parent_id: UUID | None) -> UUID | None:
    """Where the question hangs: below the message that the page showed last. A page that is behind makes a branch."""
    if parent_id is None or parent_id == conversation.active_leaf_id:
        return conversation.active_leaf_id
    found = Message.objects.filter(id=parent_id, conversation=conversation, role=MessageRole.ASSISTANT, deleted_at__isnull=True)
    if not found.exists():
        raise MessageNotFound
    return parent_id
