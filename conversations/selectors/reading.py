"""Conversations as readers get them: finished messages of the shown branch, without buttons, figures and ids."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from accounts.types import Actor
from conversations.making import read_making
from conversations.models import Message, MessageRole, SharedMessage
from conversations.reading import BranchStep, read_branch
from conversations.reading_types import Reading, ReadingMessage
from conversations.rendering import notes_at, render
from conversations.selectors.access import get_conversation
from conversations.selectors.conversations import UNTITLED
from conversations.selectors.messages import generation_of
from conversations.states import GenerationState


def open_reading(actor: Actor, conversation_id: UUID) -> Reading:
    """The shown branch without its texts. Two queries. Raises `ConversationNotFound`."""
    conversation = get_conversation(actor, conversation_id)
    steps = read_branch(conversation.id, conversation.active_leaf_id)
    return Reading(
        conversation.id,
        conversation.title or UNTITLED,
        conversation.system_prompt,
        conversation.temporary,
        tuple(step for step in steps if step.readable),
        sum(not step.finished for step in steps),
    )


def reading_messages(steps: Sequence[BranchStep]) -> tuple[ReadingMessage, ...]:
    """The messages of these steps (of a branch whose reading was allowed), in their order. One query."""
    rows = {row.id: row for row in Message.objects.select_related("generation").filter(id__in=[step.id for step in steps])}
    return tuple(_from_message(rows[step.id]) for step in steps if step.id in rows)


def shared_messages(rows: Sequence[SharedMessage]) -> tuple[ReadingMessage, ...]:
    """The rows of a snapshot as readers get them."""
    return tuple(
        ReadingMessage(row.role, row.text, _body(row), row.reasoning, row.model_name, row.said_at, row.cut_short, row.reasoning_seconds)
        for row in rows
    )


def _from_message(message: Message) -> ReadingMessage:
    generation = generation_of(message)
    making = read_making(message.making)
    return ReadingMessage(
        message.role,
        message.text,
        _body(message),
        message.reasoning,
        generation.model_name if generation else message.answered_by,
        message.created_at,
        (generation.state if generation else making.status) != GenerationState.COMPLETED,
        generation.reasoning_seconds if generation else making.reasoning_seconds,
    )


def _body(row: Message | SharedMessage) -> str:
    """An answer's HTML as it was rendered and sanitised when it was written; made now where that never happened."""
    if row.role == MessageRole.USER:
        return ""
    return notes_at(row.html or render(row.text), str(row.position) if isinstance(row, SharedMessage) else row.id.hex[-12:])
