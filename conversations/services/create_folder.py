"""A new folder, with a first conversation in it if one is named."""

from __future__ import annotations

from uuid import UUID

from django.db import IntegrityError, transaction

from accounts.types import Actor
from conversations import events
from conversations.exceptions import FolderNameTaken, TooManyFolders
from conversations.models import Folder
from conversations.selectors.folders import list_folders
from conversations.services.move_to_folder import move_to_folder
from conversations.titles import clean_title
from core.exceptions import InvalidInput
from realtime.services import publish_on_commit

MOST = 200
LONGEST_NAME = 80


def create_folder(actor: Actor, name: str, conversation_id: UUID | None = None) -> Folder:
    """Make it, and move the conversation into it in the same transaction. Publishes `conversations`.

    Raises `InvalidInput` for an empty name, `FolderNameTaken`, `TooManyFolders`, `ConversationNotFound`.
    """
    cleaned = folder_name(name)
    if len(list_folders(actor)) >= MOST:
        raise TooManyFolders(MOST)
    try:
        with transaction.atomic():
            folder = Folder.objects.create(owner_id=actor.user_id, workspace_id=actor.workspace_id, name=cleaned)
            if conversation_id is not None:
                move_to_folder(actor, conversation_id, folder.id)
            publish_on_commit(events.list_event(actor.user_id))
            return folder
    except IntegrityError as error:
        raise FolderNameTaken(cleaned) from error


def folder_name(name: str) -> str:
    """One line of at most 80 characters. Raises `InvalidInput` when nothing is left."""
    cleaned = clean_title(name)[:LONGEST_NAME].strip()
    if not cleaned:
        raise InvalidInput("A folder needs a name.", code="empty_name")
    return cleaned
