"""The sidebar's list."""

from __future__ import annotations

import base64
import binascii
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from accounts.types import Actor
from conversations.models import Conversation, Generation
from conversations.selectors.access import conversations_of
from conversations.states import LIVE
from conversations.types import ConversationItem, ConversationPage
from core.exceptions import InvalidInput

PAGE_SIZE = 30
UNTITLED = "New chat"


def list_conversations(actor: Actor, cursor: str = "") -> ConversationPage:
    """One page of the actor's conversations, latest first; keyset, so the last page is as fast as the first.

    Raises `InvalidInput` for a cursor that this list did not give.
    """
    rows = conversations_of(actor).order_by("-last_activity_at", "-id")
    if cursor:
        when, identifier = _read_cursor(cursor)
        rows = rows.filter(Q(last_activity_at__lt=when) | Q(last_activity_at=when, id__lt=identifier), last_activity_at__lte=when)
    running = Generation.objects.filter(conversation_id=OuterRef("id"), state__in=LIVE)
    found = list(rows.annotate(running=Exists(running)).only("id", "title", "last_activity_at")[: PAGE_SIZE + 1])
    items = tuple(item(row, running=row.running) for row in found[:PAGE_SIZE])
    return ConversationPage(items, _write_cursor(found[PAGE_SIZE - 1]) if len(found) > PAGE_SIZE else "")


def item(conversation: Conversation, *, running: bool) -> ConversationItem:
    return ConversationItem(conversation.id, conversation.title or UNTITLED, conversation.last_activity_at, running)


def _write_cursor(last: Conversation) -> str:
    return base64.urlsafe_b64encode(f"{last.last_activity_at.isoformat()}|{last.id}".encode()).decode().rstrip("=")


def _read_cursor(cursor: str) -> tuple[datetime, UUID]:
    try:
        when, _, identifier = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode().partition("|")
        moment = datetime.fromisoformat(when)
        if moment.tzinfo is None:
            raise ValueError("a time without its zone")
        return moment, UUID(identifier)
    except (ValueError, binascii.Error) as error:
        raise InvalidInput("This list position is not valid. Reload the page.", code="bad_cursor") from error
