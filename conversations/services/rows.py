"""What every change of a conversation's row has in common."""

from __future__ import annotations

from conversations import events
from conversations.models import Conversation
from conversations.selectors.conversations import row
from conversations.services.turns import bump
from realtime.services import publish_on_commit


def change_row(conversation: Conversation, *fields: str) -> None:
    """Save these fields, raise the revision, and on commit tell every page: the title with the revision, and the row.

    Part of the caller's transaction, which holds the row lock. The order of the list stays.
    """
    bump(conversation, *fields)
    item = row(conversation)
    publish_on_commit(
        events.title_event(item.id, item.title, item.revision),
        events.item_event(conversation.owner_id, item),
    )
