"""A message with what stands around it on its branch, wherever in the tree it is. Costs the steps up that branch, writes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from accounts.types import Actor
from conversations import tree
from conversations.exceptions import MessageNotFound
from conversations.models import Message
from conversations.selectors.access import get_conversation, get_message
from conversations.selectors.messages import WINDOW, open_conversation, view_messages
from conversations.types import ConversationView, Gap, MessageView, Stretch

_ABOVE = 10
_SIDE = 8


@dataclass(frozen=True, slots=True)
class Place:
    """Messages of one branch; `shown`: it is the one that the conversation shows."""

    conversation_id: UUID
    title: str
    messages: tuple[MessageView, ...]
    has_older: bool
    has_newer: bool
    shown: bool


def open_at(actor: Actor, conversation_id: UUID, message_id: UUID) -> ConversationView | None:
    """The conversation with this message on the page; None when the message is on a branch that is not shown.

    One that is far up comes with a stretch around it. Raises `ConversationNotFound`, `MessageNotFound`.
    """
    conversation = open_conversation(actor, conversation_id, with_message=message_id)
    if any(message.id == message_id for message in conversation.messages):
        return conversation
    get_message(actor, conversation_id, message_id)
    latest = conversation.messages[0].id if conversation.messages else None
    above = tree.path_to(conversation_id, latest)[:-1] if latest else []
    if latest is None or message_id not in above:
        return None
    start = max(0, above.index(message_id) - _ABOVE)
    ids = above[start : start + WINDOW]
    rest = above[start + WINDOW :]
    if not rest:
        return replace(conversation, messages=_views(ids) + conversation.messages, has_older=start > 0)
    gap = Gap(after=ids[-1], first=rest[0], before=latest, count=len(rest))
    return replace(conversation, stretch=Stretch(_views(ids), start > 0, gap))


def messages_between(
    actor: Actor, conversation_id: UUID, after_id: UUID, before_id: UUID | None, *, from_below: bool = False
) -> tuple[tuple[MessageView, ...], Gap | None]:
    """Some messages of the shown branch between these two: those next to the upper one, or, `from_below`, to the lower; and what is left.

    Raises `ConversationNotFound`, and `MessageNotFound` when one of the two is not on the shown branch, or not in this order.
    """
    leaf_id = get_conversation(actor, conversation_id).active_leaf_id
    path = tree.path_to(conversation_id, leaf_id) if leaf_id else []
    if before_id is None or after_id not in path or before_id not in path[path.index(after_id) :]:
        raise MessageNotFound
    inner = path[path.index(after_id) + 1 : path.index(before_id)]
    ids, rest = (inner[-WINDOW:], inner[:-WINDOW]) if from_below else (inner[:WINDOW], inner[WINDOW:])
    if not rest:
        return _views(ids), None
    ends = (after_id, ids[0]) if from_below else (ids[-1], before_id)
    return _views(ids), Gap(after=ends[0], first=rest[0], before=ends[1], count=len(rest))


def messages_around(actor: Actor, conversation_id: UUID, message_id: UUID) -> Place:
    """Up to eight messages above and below it, in reading order. Raises `MessageNotFound`."""
    message = get_message(actor, conversation_id, message_id)
    conversation = message.conversation
    path = tree.path_to(conversation_id, conversation.active_leaf_id) if conversation.active_leaf_id else []
    shown = message_id in path
    if not shown:
        leaf_id = tree.latest_leaf_below(conversation_id, message_id)
        path = tree.path_to(conversation_id, leaf_id or message_id)
    at = path.index(message_id)
    return Place(
        conversation_id=conversation_id,
        title=conversation.title,
        messages=_views(path[max(0, at - _SIDE) : at + _SIDE + 1]),
        has_older=at > _SIDE,
        has_newer=at + _SIDE + 1 < len(path),
        shown=shown,
    )


def _views(ids: Sequence[UUID]) -> tuple[MessageView, ...]:
    found = {row.id: row for row in Message.objects.select_related("generation").filter(id__in=ids)}
    return view_messages([found[identifier] for identifier in ids if identifier in found])
