"""Take back a change of many conversations, or the deletion of a folder."""

from __future__ import annotations

from accounts.types import Actor
from conversations.services.change_many import undo_many
from conversations.services.delete_folder import undo_delete_folder
from conversations.services.undo import recall

_WAYS = {"many": undo_many, "folder": undo_delete_folder}


def undo_change(actor: Actor, token: str) -> int:
    """Take back the change that was remembered under this word, once. Returns how many conversations have moved.

    Publishes `conversations`. Raises `NotUndoable` (also for the word of somebody else), `FolderNameTaken`.
    """
    change = recall(actor, token)
    return _WAYS[change["what"]](actor, change)
