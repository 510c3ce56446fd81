"""Where one was: what is left is remembered, and coming back continues there."""

from __future__ import annotations

from uuid import UUID

from conversations import tree
from conversations.models import Conversation, Message


def leave(conversation: Conversation, parent_id: UUID | None) -> bool:
    """Before something new is hung below this parent: note in the version that is left which leaf it showed.

    False when nothing is left, because what is new follows the message that is shown last. Part of the caller's transaction,
    which holds the conversation's lock and then moves the active leaf.
    """
    leaf_id = conversation.active_leaf_id
    if leaf_id is None or leaf_id == parent_id:
        return False
    version = tree.step_below(leaf_id, parent_id)
    if version is None and parent_id is not None:
        version = tree.parting(conversation.id, leaf_id, parent_id)
    _note(version, leaf_id)
    return True


def leave_for(conversation: Conversation, message: Message) -> bool:
    """The same before the branch through this message is shown. False, and nothing noted, when it is shown already."""
    leaf_id = conversation.active_leaf_id
    if leaf_id is None:
        return True
    version = tree.step_below(leaf_id, message.parent_id)
    if version == message.id:
        return False
    _note(version or tree.parting(conversation.id, leaf_id, message.id), leaf_id)
    return True


def arrive(conversation: Conversation, message: Message) -> UUID:
    """The leaf to show on the branch through this message: from where it was left, down to the newest turn below that.

    What was said there meanwhile is so never hidden.
    """
    for start in (message.left_at_leaf_id, message.id):
        leaf = tree.latest_leaf_below(conversation.id, start) if start else None
        if leaf is not None:
            return leaf
    raise AssertionError("a message of the conversation leads to a leaf")


def _note(version_id: UUID | None, leaf_id: UUID) -> None:
    if version_id is not None and version_id != leaf_id:
        Message.objects.filter(id=version_id).update(left_at_leaf=leaf_id)
