"""A folder gets another name."""

from __future__ import annotations

from uuid import UUID

from django.db import IntegrityError, transaction

from accounts.types import Actor
from conversations import events
from conversations.exceptions import FolderNameTaken
from conversations.models import Folder
from conversations.selectors.folders import get_folder
from conversations.services.create_folder import folder_name
from realtime.services import publish_on_commit


def rename_folder(actor: Actor, folder_id: UUID, name: str) -> Folder:
    """Publishes `conversations`. Raises `FolderNotFound`, `FolderNameTaken`, `InvalidInput` for an empty name."""
    cleaned = folder_name(name)
    try:
        with transaction.atomic():
            folder = get_folder(actor, folder_id, lock=True)
            folder.name = cleaned
            folder.save(update_fields=["name"])
            publish_on_commit(events.list_event(actor.user_id))
            return folder
    except IntegrityError as error:
        raise FolderNameTaken(cleaned) from error
