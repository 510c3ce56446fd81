"""What pages are told, and the fragments they are told it with."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.template.loader import get_template

from conversations.models import Conversation
from conversations.types import ConversationItem, MessageView
from realtime.types import LiveEvent, Topic

CONVERSATION = "conversation"
USER = "user"


def conversation_topic(conversation_id: UUID) -> Topic:
    return Topic(CONVERSATION, conversation_id)


def user_topic(user_id: UUID) -> Topic:
    return Topic(USER, user_id)


def message_html(message: MessageView) -> str:
    """The message as every viewer gets it: no CSRF token (HTMX sends it in a header), no personal buttons."""
    return get_template("conversations/_message.html").render({"message": message})


def message_event(message: MessageView, revision: int) -> LiveEvent:
    """A message that is new or has changed, whole. A page replaces or appends it when `revision` follows its own."""
    return LiveEvent(
        conversation_topic(message.conversation_id),
        "message",
        {"message": str(message.id), "parent": str(message.parent_id or ""), "revision": revision, "html": message_html(message)},
    )


def changed_event(conversation_id: UUID, revision: int) -> LiveEvent:
    """Something else changed (a branch was switched): pages ask for the log again."""
    return LiveEvent(conversation_topic(conversation_id), "changed", {"revision": revision})


def title_event(conversation_id: UUID, title: str, revision: int) -> LiveEvent:
    return LiveEvent(conversation_topic(conversation_id), "title", {"title": title, "revision": revision})


def item_event(user_id: UUID, item: ConversationItem) -> LiveEvent:
    """A row of the sidebar is new or has changed. Where it belongs it says itself; no `html`: the sidebar has no row for it."""
    html = get_template("conversations/_conversation_item.html").render({"item": item}) if item.listed else ""
    return LiveEvent(user_topic(user_id), "conversation", {"conversation": str(item.id), "revision": item.revision, "html": html})


def settings_event(conversation: Conversation) -> LiveEvent:
    """What stands in the header has changed: the mark of a system prompt, whether the chat is temporary."""
    html = get_template("conversations/_marks.html").render({"conversation": conversation})
    data = {"revision": conversation.revision, "temporary": conversation.temporary, "html": html}
    return LiveEvent(conversation_topic(conversation.id), "settings", data)


def removed_event(user_id: UUID, conversation_id: UUID, revision: int) -> LiveEvent:
    return LiveEvent(user_topic(user_id), "conversation-removed", {"conversation": str(conversation_id), "revision": revision})


def titled_event(user_id: UUID, conversation_id: UUID, *, made: bool) -> LiveEvent:
    """The title that somebody asked for is there (its own events bring it), or there will be none."""
    return LiveEvent(user_topic(user_id), "titled", {"conversation": str(conversation_id), "made": made})


def list_event(user_id: UUID, removed: Iterable[UUID] = ()) -> LiveEvent:
    """Much of the sidebar has changed: pages ask for the list again. `removed`: which conversations were deleted."""
    return LiveEvent(user_topic(user_id), "conversations", {"removed": [str(conversation_id) for conversation_id in removed]})
