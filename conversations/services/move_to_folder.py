"""Put a conversation into a folder, or out of it."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from accounts.types import Actor
from conversations.models import Conversation
from conversations.selectors.access import get_conversation
from conversations.selectors.folders import get_folder
from conversations.services.rows import change_row


def move_to_folder(actor: Actor, conversation_id: UUID, folder_id: UUID | None) -> tuple[Conversation, UUID | None]:
    """Move it to a folder of the actor; None takes it out. Returns the conversation and the folder it was in.

    A pinned one stays among the pinned and stands in the folder once it is unpinned. Publishes the row.
    Raises `ConversationNotFound`, `FolderNotFound`.
    """
    with transaction.atomic():
        conversation = get_conversation(actor, conversation_id, lock=True)
        before = conversation.folder_id
        # Held, so that the folder is not deleted in between.
        conversation.folder = get_folder(actor, folder_id, lock=True) if folder_id else None
        if conversation.folder_id != before:
            change_row(conversation, "folder_id")
        return conversation, before
