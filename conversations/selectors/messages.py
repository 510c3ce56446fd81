"""Messages as pages show them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.contrib.postgres.aggregates import ArrayAgg
from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Q

from accounts.types import Actor
from conversations import live_text, tree
from conversations.making import read_making
from conversations.models import Conversation, Feedback, Generation, Message, MessageRole
from conversations.rendering import StreamRenderer, notes_at, render
from conversations.selectors.access import get_conversation, get_message
from conversations.states import LIVE
from conversations.types import ConversationView, MessageView

WINDOW = 30
LONGEST_WINDOW = 120


def open_conversation(actor: Actor, conversation_id: UUID, *, with_message: UUID | None = None) -> ConversationView:
    """The conversation with its latest messages on the active branch. Raises `ConversationNotFound`.

    Costs the same for five messages as for five thousand. As many as `LONGEST_WINDOW` when only so many have a certain one among them.
    """
    conversation = get_conversation(actor, conversation_id)
    leaf_id = conversation.active_leaf_id
    messages, has_older = _window(conversation.id, leaf_id, with_message) if leaf_id else ((), False)
    return ConversationView(
        conversation.id,
        conversation.title,
        conversation.model_key,
        conversation.revision,
        system_prompt=conversation.system_prompt,
        expires_at=conversation.expires_at,
        messages=messages,
        has_older=has_older,
        unread=conversation.unread,
    )


def older_messages(actor: Actor, conversation_id: UUID, before_id: UUID) -> tuple[tuple[MessageView, ...], bool]:
    """The messages above `before_id` on its branch, in reading order, and whether there are more."""
    parent_id = get_message(actor, conversation_id, before_id).parent_id
    return _window(conversation_id, parent_id) if parent_id else ((), False)


def view_message(actor: Actor, conversation_id: UUID, message_id: UUID) -> MessageView:
    """One message as it is now. Raises `MessageNotFound`."""
    return view_messages([get_message(actor, conversation_id, message_id)])[0]


def _window(conversation_id: UUID, leaf_id: UUID, with_message: UUID | None = None) -> tuple[tuple[MessageView, ...], bool]:
    ids = tree.ids_upward(conversation_id, leaf_id, (LONGEST_WINDOW if with_message else WINDOW) + 1)
    size = max(WINDOW, ids.index(with_message) + 1 if with_message in ids[:LONGEST_WINDOW] else 0)
    has_older = len(ids) > size
    ids = ids[:size]
    found = {message.id: message for message in Message.objects.select_related("generation").filter(id__in=ids)}
    ordered = [found[message_id] for message_id in reversed(ids) if message_id in found]
    return view_messages(ordered), has_older


def view_messages(messages: Sequence[Message]) -> tuple[MessageView, ...]:
    """The views of messages of one conversation (with `generation` selected), in the same order."""
    siblings = _siblings(messages)
    texts = live_text.read([message.id for message in messages if _is_live(message)])
    ratings = _ratings(messages)
    unanswered = _unanswered(messages)
    return tuple(
        view(
            message,
            siblings[message.id],
            texts.get(message.id),
            rating=ratings.get(message.id, ""),
            unanswered=message.id == unanswered,
        )
        for message in messages
    )


def generation_of(message: Message) -> Generation | None:
    """The generation that writes this message; asks nothing of the database for a person's own."""
    if message.role == MessageRole.USER:
        return None
    try:
        return message.generation
    except ObjectDoesNotExist:
        return None


def view(
    message: Message, siblings: Sequence[UUID], live: tuple[str, str] | None = None, *, rating: str = "", unanswered: bool = False
) -> MessageView:
    """One message. `live` is (text, reasoning) of its live log; the longer of log and checkpoint counts."""
    generation = generation_of(message)
    position = siblings.index(message.id)
    common = {
        "id": message.id,
        "conversation_id": message.conversation_id,
        "parent_id": message.parent_id,
        "role": message.role,
        "created_at": message.created_at,
        "sibling_index": position + 1,
        "sibling_count": len(siblings),
        "previous_sibling": siblings[position - 1] if position else None,
        "next_sibling": siblings[position + 1] if position + 1 < len(siblings) else None,
        "rating": rating,
        "unanswered": unanswered,
    }
    if generation is None:
        html = _body(message) if message.role == "assistant" else ""
        making = read_making(message.making)
        return MessageView(
            status=making.status,
            text=message.text,
            html=html,
            reasoning=message.reasoning,
            reasoning_seconds=making.reasoning_seconds,
            model_name=message.answered_by,
            finish_reason=making.finish_reason,
            error_code=making.error_code,
            error_message=making.error_message,
            **common,  # type: ignore[arg-type]
        )
    text, reasoning, html, closed, tail = message.text, message.reasoning, "", "", ""
    if generation.state in LIVE:
        text = max(text, live[0] if live else "", key=len)
        reasoning = max(reasoning, live[1] if live else "", key=len)
        renderer = StreamRenderer.from_text(text)
        closed, tail = renderer.closed_html, renderer.tail_html
    else:
        html = _body(message)
    return MessageView(
        status=generation.state,
        text=text,
        html=html,
        closed=closed,
        tail=tail,
        offset=len(text),
        reasoning=reasoning,
        reasoning_seconds=generation.reasoning_seconds,
        model_key=generation.model_key,
        model_name=generation.model_name,
        input_tokens=generation.input_tokens,
        output_tokens=generation.output_tokens,
        cost=generation.cost,
        estimated=generation.confidence == "estimated",
        seconds_to_first_token=_seconds(generation.started_at, generation.first_token_at),
        seconds_total=_seconds(generation.started_at, generation.finished_at),
        finish_reason=generation.finish_reason,
        error_code=generation.error_code,
        error_message=generation.error_message,
        dropped_turns=generation.dropped_turns,
        continues=sum(map(str.isalnum, text[: generation.continued_chars])),
        **common,  # type: ignore[arg-type]
    )


def _body(answer: Message) -> str:
    """Its HTML as it was rendered when it was written; made now where that never happened. Its footnotes have ids of their own."""
    return notes_at(answer.html or render(answer.text), answer.id.hex[-12:])


def live_state(conversation: Conversation) -> list[tuple[UUID, int, int]]:
    """(message, characters so far, characters of reasoning so far) of the answers that are being written in this conversation."""
    ids = list(Generation.objects.filter(conversation=conversation, state__in=LIVE).values_list("message_id", flat=True))
    texts = live_text.read(ids)
    written = ((message_id, texts.get(message_id, ("", ""))) for message_id in ids)
    return [(message_id, len(text), len(reasoning)) for message_id, (text, reasoning) in written]


def _is_live(message: Message) -> bool:
    generation = generation_of(message)
    return generation is not None and generation.state in LIVE


def _seconds(start: datetime | None, end: datetime | None) -> float | None:
    return (end - start).total_seconds() if start and end else None


def _siblings(messages: Iterable[Message]) -> dict[UUID, list[UUID]]:
    """For each message all children of its parent that are not deleted, oldest first; one query for the whole window."""
    messages = list(messages)
    if not messages:
        return {}
    parents = {message.parent_id for message in messages}
    where = Q(parent_id__in=[parent for parent in parents if parent])
    if None in parents:
        where |= Q(conversation_id=messages[0].conversation_id, parent__isnull=True)
    rows = (
        Message.objects.filter(where, deleted_at__isnull=True)
        .order_by()
        .values_list("parent_id")
        .annotate(ids=ArrayAgg("id", order_by="id"))
    )
    by_parent: dict[UUID | None, list[UUID]] = dict(rows)
    found = {message.id: by_parent.get(message.parent_id, []) for message in messages}
    # One that was deleted a moment ago stands alone.
    return {message_id: ids if message_id in ids else [message_id] for message_id, ids in found.items()}


def _ratings(messages: Iterable[Message]) -> dict[UUID, str]:
    """What the conversation's owner, who alone reads it, thinks of its answers."""
    generations = [generation.id for message in messages if (generation := generation_of(message)) and generation.state not in LIVE]
    if not generations:
        return {}
    return dict(Feedback.objects.filter(generation__in=generations).values_list("generation__message_id", "rating"))


def _unanswered(messages: Sequence[Message]) -> UUID | None:
    """The last message when it is a question with no answer below it; those above it have theirs."""
    if not messages or messages[-1].role != MessageRole.USER:
        return None
    question = messages[-1].id
    return None if Message.objects.filter(parent_id=question, deleted_at__isnull=True).exists() else question
