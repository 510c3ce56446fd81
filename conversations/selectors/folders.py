"""The actor's folders."""

from __future__ import annotations

from uuid import UUID

from django.db.models.functions import Lower

from accounts.types import Actor
from conversations.exceptions import FolderNotFound
from conversations.models import Folder


def list_folders(actor: Actor) -> list[Folder]:
    """All folders of the actor, by name."""
    return list(Folder.objects.filter(owner_id=actor.user_id, workspace_id=actor.workspace_id).order_by(Lower("name"), "id"))


def get_folder(actor: Actor, folder_id: UUID, *, lock: bool = False) -> Folder:
    """One folder of the actor. `lock` holds the row until the transaction ends. Raises `FolderNotFound`."""
    rows = Folder.objects.filter(owner_id=actor.user_id, workspace_id=actor.workspace_id, id=folder_id)
    folder = (rows.select_for_update() if lock else rows).first()
    if folder is None:
        raise FolderNotFound
    return folder
