"""A folder goes, its conversations stay."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from accounts.types import Actor
from conversations import events
from conversations.exceptions import FolderNameTaken
from conversations.models import Conversation, Folder
from conversations.selectors.folders import get_folder
from conversations.services.undo import remember
from realtime.services import publish_on_commit


def delete_folder(actor: Actor, folder_id: UUID) -> tuple[Folder, str]:
    """Delete it; its conversations (archived and deleted ones too) stand by their dates again. Publishes `conversations`.

    Returns the folder that was, and the word by which it is taken back (`undo_change`). Raises `FolderNotFound`.
    """
    with transaction.atomic():
        folder = get_folder(actor, folder_id, lock=True)
        inside = Conversation.objects.filter(folder=folder)
        ids = list(inside.values_list("id", flat=True))
        inside.update(folder=None)
        Folder.objects.filter(id=folder.id).delete()
        publish_on_commit(events.list_event(actor.user_id))
    return folder, remember(actor, {"what": "folder", "id": folder.id, "name": folder.name, "ids": ids})


def undo_delete_folder(actor: Actor, change: Mapping[str, Any]) -> int:
    """Make it again, with those of its conversations that are in no other folder by now. Publishes `conversations`.

    Returns how many. Raises `FolderNameTaken` when there is another of its name.
    """
    try:
        with transaction.atomic():
            folder = Folder.objects.create(id=change["id"], owner_id=actor.user_id, workspace_id=actor.workspace_id, name=change["name"])
            inside = Conversation.objects.filter(owner_id=actor.user_id, workspace_id=actor.workspace_id, id__in=change["ids"])
            count = inside.filter(folder__isnull=True).update(folder=folder)
            publish_on_commit(events.list_event(actor.user_id))
            return count
    except IntegrityError as error:
        raise FolderNameTaken(change["name"]) from error
