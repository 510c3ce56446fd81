"""A person's conversations as one JSON document (`docs/export-format.md`), piece by piece: memory stays flat however much it is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson
from django.utils import timezone

from accounts.types import Actor, Advance
from conversations.models import Conversation, Generation, Message, MessageRole
from conversations.selectors.access import conversations_of, get_conversation
from conversations.selectors.messages import generation_of
from conversations.states import GenerationState

FORMAT = "ai-chat-platform"
VERSION = 1
_CONVERSATIONS_A_PAGE = 100
_MESSAGES_A_PAGE = 200


def export_conversation(actor: Actor, conversation_id: UUID) -> tuple[Conversation, Iterator[bytes]]:
    """One conversation with all its branches, and the document about it. Raises `ConversationNotFound` at once, not while it is read."""
    conversation = get_conversation(actor, conversation_id)
    return conversation, _document(iter((_with_folder(conversation),)))


def export_conversations(actor: Actor, advance: Advance = lambda: None) -> Iterator[bytes]:
    """The document about all conversations of the actor, oldest first; temporary chats and what was deleted are not in it.

    `advance` is called after each conversation.
    Every piece is read by queries of its own, so that no transaction stays open while a slow reader takes it in.
    """
    return _document(_all(actor), advance)


def _document(conversations: Iterator[Conversation], advance: Advance = lambda: None) -> Iterator[bytes]:
    head = {"format": FORMAT, "version": VERSION, "exported_at": _time(timezone.now())}
    yield orjson.dumps(head)[:-1] + b',"conversations":[\n'
    for number, conversation in enumerate(conversations):
        yield (b",\n" if number else b"") + orjson.dumps(_head(conversation))[:-1] + b',"messages":['
        yield from _messages(conversation.id)
        yield b"]}"
        advance()
    yield b"\n]}\n"


def _all(actor: Actor) -> Iterator[Conversation]:
    rows = conversations_of(actor).filter(expires_at__isnull=True).select_related("folder").order_by("id")
    last: UUID | None = None
    while page := list((rows.filter(id__gt=last) if last else rows)[:_CONVERSATIONS_A_PAGE]):
        yield from page
        last = page[-1].id


def _with_folder(conversation: Conversation) -> Conversation:
    return Conversation.objects.select_related("folder").get(id=conversation.id)


def _messages(conversation_id: UUID) -> Iterator[bytes]:
    """In the order of their ids: a parent before its children, siblings as they are shown. Deleted branches are left out."""
    rows = Message.objects.filter(conversation_id=conversation_id, deleted_at__isnull=True).select_related("generation").defer("html")
    last: UUID | None = None
    while page := list((rows.filter(id__gt=last) if last else rows).order_by("id")[:_MESSAGES_A_PAGE]):
        for message in page:
            yield (b",\n" if last else b"\n") + orjson.dumps(_message(message))
            last = message.id


def _head(conversation: Conversation) -> dict[str, Any]:
    return {
        "id": str(conversation.id),
        "title": conversation.title,
        "created_at": _time(conversation.created_at),
        "last_activity_at": _time(conversation.last_activity_at),
        "model": conversation.model_key,
        "system_prompt": conversation.system_prompt,
        "pinned_at": _time(conversation.pinned_at),
        "archived_at": _time(conversation.archived_at),
        "folder": conversation.folder.name if conversation.folder else None,
        "shown_leaf": _id(conversation.active_leaf_id),
    }


def _message(message: Message) -> dict[str, Any]:
    generation = generation_of(message)
    written: dict[str, Any] = {
        "id": str(message.id),
        "parent": _id(message.parent_id),
        "role": message.role,
        "created_at": _time(message.created_at),
        "text": message.text,
    }
    if message.left_at_leaf_id:
        written["left_at_leaf"] = str(message.left_at_leaf_id)
    if message.reasoning:
        written["reasoning"] = message.reasoning
    if generation is not None:
        written |= _making(generation)
    elif message.role == MessageRole.ASSISTANT:
        written |= _made_elsewhere(message)
    return written


def _made_elsewhere(message: Message) -> dict[str, Any]:
    known: dict[str, Any] = {"model": {"key": "", "name": message.answered_by}} if message.answered_by else {}
    return known | {"status": GenerationState.COMPLETED.value} | (message.making or {})


def _making(generation: Generation) -> dict[str, Any]:
    """How the answer came about. Cost is a decimal in a string: a JSON number would lose digits."""
    making: dict[str, Any] = {
        "model": {"key": generation.model_key, "name": generation.model_name},
        "status": generation.state,
        "finish_reason": generation.finish_reason,
        "finished_at": _time(generation.finished_at),
    }
    if generation.reasoning_seconds is not None:
        making["reasoning_seconds"] = generation.reasoning_seconds
    if generation.error_code:
        making["error"] = {"code": generation.error_code, "message": generation.error_message}
    if generation.input_tokens is not None or generation.output_tokens is not None:
        making["usage"] = {
            "input_tokens": generation.input_tokens,
            "output_tokens": generation.output_tokens,
            "cost_usd": None if generation.cost is None else f"{generation.cost:f}",
            "estimated": generation.confidence == "estimated",
        }
    return making


def _time(moment: datetime | None) -> str | None:
    """UTC, ISO 8601, to the microsecond: nothing is lost on the way back."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z") if moment else None


def _id(identifier: UUID | None) -> str | None:
    return str(identifier) if identifier else None
