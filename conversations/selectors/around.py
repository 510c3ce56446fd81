"""A message with what stands around it on its branch, wherever in the tree it is."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from accounts.types import Actor
from conversations import tree
from conversations.models import Message
from conversations.selectors.access import get_message
from conversations.selectors.messages import WINDOW, view_messages
from conversations.types import MessageView

_SIDE = 8


@dataclass(frozen=True, slots=True)
class Place:
    """`shown`: its branch is the one that the conversation shows; `latest`: it is among the messages that open with it."""

    conversation_id: UUID
    title: str
    messages: tuple[MessageView, ...]
    has_older: bool
    has_newer: bool
    shown: bool
    latest: bool


def messages_around(actor: Actor, conversation_id: UUID, message_id: UUID) -> Place:
    """Up to eight messages above and below it, in reading order. Raises `MessageNotFound`.

    Costs the steps from the end of the branch up to the message; changes nothing.
    """
    message = get_message(actor, conversation_id, message_id)
    conversation = message.conversation
    path = tree.path_to(conversation_id, conversation.active_leaf_id) if conversation.active_leaf_id else []
    shown = message_id in path
    if not shown:
        leaf_id = tree.latest_leaf_below(conversation_id, message_id)
        path = tree.path_to(conversation_id, leaf_id or message_id)
    at = path.index(message_id)
    ids = path[max(0, at - _SIDE) : at + _SIDE + 1]
    found = {row.id: row for row in Message.objects.select_related("generation").filter(id__in=ids)}
    return Place(
        conversation_id=conversation_id,
        title=conversation.title,
        messages=view_messages([found[identifier] for identifier in ids if identifier in found]),
        has_older=at > _SIDE,
        has_newer=at + _SIDE + 1 < len(path),
        shown=shown,
        latest=shown and at >= len(path) - WINDOW,
    )
