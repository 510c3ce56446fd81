"""A question in other words: a version beside the earlier one, with an answer of its own."""

from __future__ import annotations

from uuid import UUID

from accounts.types import Actor
from conversations.exceptions import MessageNotFound
from conversations.models import Conversation, Generation, Message, MessageRole, SignalKind
from conversations.selectors.access import get_message
from conversations.services.regenerate import model_for
from conversations.services.signals import note_signal
from conversations.services.turns import refuse_while_running
from conversations.services.write_question import read_wording, write_once, write_question
from conversations.types import Turn


def edit_message(
    actor: Actor,
    conversation_id: UUID,
    message_id: UUID,
    *,
    text: str,
    client_key: UUID,
    model_key: str = "",
    seen_id: UUID | None = None,
) -> Turn:
    """Add the new wording as a sibling of the earlier one, and its answer to be; nothing of the earlier branch is changed.

    The model is the one named, else the conversation's, else the default. `seen_id` is the message that the page showed
    last (`Turn.behind` says when that was not the end). `client_key`, holds and transaction as in `send_message`.
    Publishes `changed` and the sidebar's row.

    Raises `EmptyMessage`, `MessageTooLong`, `MessageNotFound` (also for what is not a person's message), `AnswerRunning`,
    `ContextFull`, the catalogue's errors, and `usage.exceptions.QuotaExceeded`.
    """
    wording = read_wording(text)

    def write(conversation: Conversation | None) -> Turn:
        earlier = get_message(actor, conversation_id, message_id)
        if conversation is None or earlier.role != MessageRole.USER:
            raise MessageNotFound
        refuse_while_running(conversation)
        note_signal(actor, _answer_to(earlier), SignalKind.EDITED)
        return write_question(
            actor,
            conversation,
            wording,
            parent_id=earlier.parent_id,
            client_key=client_key,
            model=model_for(model_key, conversation.model_key),
            behind=seen_id is not None and seen_id != conversation.active_leaf_id,
        )

    return write_once(actor, conversation_id, client_key, write)


def _answer_to(question: Message) -> Generation | None:
    """The answer that the other words are a comment on: the latest one."""
    below = Generation.objects.filter(message__parent=question, message__deleted_at__isnull=True)
    return below.order_by("-message_id").first()
