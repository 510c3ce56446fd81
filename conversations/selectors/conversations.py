"""The lists of conversations: the sidebar, a folder, the archive, what was deleted."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.types import Actor
from conversations.models import Conversation, Generation
from conversations.selectors.access import conversations_of, get_conversation
from conversations.selectors.folders import get_folder, list_folders
from conversations.states import LIVE
from conversations.types import ConversationItem, ConversationPage, FolderItem, SidebarView
from core.exceptions import InvalidInput

PAGE_SIZE = 30
MOST_ROWS = 500
PINNED_LIMIT = 100
OPEN_FOLDERS = 20
KEPT_DELETED = timedelta(days=30)
UNTITLED = "New chat"
_COLUMNS = (
    "id", "title", "last_activity_at", "revision", "answered_at", "read_at", "pinned_at", "folder_id", "archived_at", "deleted_at",
    "expires_at",
)  # fmt: skip


def sidebar(actor: Actor, *, open_folders: Sequence[str] = (), rows: int = PAGE_SIZE) -> SidebarView:
    """The list as a page shows it first: at most four queries, whatever its length.

    `open_folders`: the last 12 digits of the ids of folders that show their conversations. `rows`: how many of the groups by
    date the page has loaded.
    """
    listed = _listed(actor)
    folders = list_folders(actor)
    pages = _first_pages(listed, [folder.id for folder in folders if folder.id.hex[-12:] in open_folders][:OPEN_FOLDERS])
    return SidebarView(
        pinned=list_pinned(actor),
        folders=tuple(FolderItem(row.id, row.name, row.id in pages, pages.get(row.id, ConversationPage(()))) for row in folders),
        dated=_page(_dated(listed), "last_activity_at", size=max(PAGE_SIZE, min(rows, MOST_ROWS))),
    )


def list_pinned(actor: Actor) -> tuple[ConversationItem, ...]:
    """What stands above the list, the latest pinned first."""
    return _items(list(_running(_listed(actor).filter(pinned_at__isnull=False)).order_by("-pinned_at", "-id")[:PINNED_LIMIT]))


def list_conversations(actor: Actor, cursor: str = "") -> ConversationPage:
    """One page of the groups by date, latest first; keyset, so the last page is as fast as the first.

    Raises `InvalidInput` for a cursor that this list did not give.
    """
    return _page(_dated(_listed(actor)), "last_activity_at", cursor)


def list_folder(actor: Actor, folder_id: UUID, cursor: str = "") -> ConversationPage:
    """One page of a folder, latest first. Raises `FolderNotFound`, `InvalidInput`."""
    return _page(_in_folder(_listed(actor), get_folder(actor, folder_id).id), "last_activity_at", cursor)


def list_archived(actor: Actor, cursor: str = "") -> ConversationPage:
    """One page of the archive, the latest archived first. Raises `InvalidInput`."""
    return _page(conversations_of(actor).filter(archived_at__isnull=False, expires_at__isnull=True), "archived_at", cursor)


def list_deleted(actor: Actor, cursor: str = "") -> ConversationPage:
    """One page of what was deleted and can still be restored, the latest deleted first. Raises `InvalidInput`."""
    return _page(restorable(actor), "deleted_at", cursor)


def restorable(actor: Actor) -> QuerySet[Conversation]:
    """What was deleted in the last 30 days."""
    kept = conversations_of(actor, deleted=True)
    return kept.filter(deleted_at__gte=timezone.now() - KEPT_DELETED, expires_at__isnull=True)


def conversation_item(actor: Actor, conversation_id: UUID) -> ConversationItem:
    """One conversation as lists show it. Raises `ConversationNotFound`."""
    return row(get_conversation(actor, conversation_id))


def row(conversation: Conversation) -> ConversationItem:
    """Its row as it is now, with one query for whether an answer runs. In the transaction that changed it."""
    return item(conversation, running=conversation.generations.filter(state__in=LIVE).exists())


def item(conversation: Conversation, *, running: bool) -> ConversationItem:
    return ConversationItem(
        id=conversation.id,
        title=conversation.title or UNTITLED,
        last_activity_at=conversation.last_activity_at,
        running=running,
        unread=conversation.unread,
        revision=conversation.revision,
        pinned_at=conversation.pinned_at,
        folder_id=conversation.folder_id,
        archived_at=conversation.archived_at,
        deleted_at=conversation.deleted_at,
        temporary=conversation.temporary,
    )


def _listed(actor: Actor) -> QuerySet[Conversation]:
    """What has a row in the sidebar. `ConversationItem.listed` says the same of one."""
    return conversations_of(actor).filter(archived_at__isnull=True, expires_at__isnull=True)


def _dated(listed: QuerySet[Conversation]) -> QuerySet[Conversation]:
    return listed.filter(pinned_at__isnull=True, folder__isnull=True)


def _in_folder(listed: QuerySet[Conversation], folder_id: UUID) -> QuerySet[Conversation]:
    return listed.filter(pinned_at__isnull=True, folder_id=folder_id)


def _first_pages(listed: QuerySet[Conversation], folder_ids: Sequence[UUID]) -> dict[UUID, ConversationPage]:
    """The first page of each folder, in one query."""
    if not folder_ids:
        return {}
    firsts = [_running(_in_folder(listed, folder_id)).order_by("-last_activity_at", "-id")[: PAGE_SIZE + 1] for folder_id in folder_ids]
    found = list(firsts[0].union(*firsts[1:], all=True)) if len(firsts) > 1 else list(firsts[0])
    by_folder: dict[UUID, list[Conversation]] = {folder_id: [] for folder_id in folder_ids}
    for conversation in found:
        if conversation.folder_id:
            by_folder[conversation.folder_id].append(conversation)
    return {folder_id: _as_page(rows, "last_activity_at", PAGE_SIZE) for folder_id, rows in by_folder.items()}


def _page(rows: QuerySet[Conversation], column: str, cursor: str = "", *, size: int = PAGE_SIZE) -> ConversationPage:
    """One page by keyset on (`column`, id), latest first."""
    if cursor:
        when, identifier = _read_cursor(cursor)
        earlier = Q(**{f"{column}__lt": when}) | Q(**{column: when, "id__lt": identifier})
        rows = rows.filter(earlier, **{f"{column}__lte": when})
    return _as_page(list(_running(rows).order_by(f"-{column}", "-id")[: size + 1]), column, size)


def _as_page(found: list[Conversation], column: str, size: int) -> ConversationPage:
    """`found` has one row more than the page when there is a next one."""
    last = found[size - 1] if len(found) > size else None
    return ConversationPage(_items(found[:size]), _write_cursor(getattr(last, column), last.id) if last else "")


def _items(found: list[Conversation]) -> tuple[ConversationItem, ...]:
    return tuple(item(conversation, running=conversation.running) for conversation in found)  # type: ignore[attr-defined]


def _running(rows: QuerySet[Conversation]) -> QuerySet[Conversation]:
    return rows.annotate(running=Exists(Generation.objects.filter(conversation_id=OuterRef("id"), state__in=LIVE))).only(*_COLUMNS)


def _write_cursor(when: datetime, identifier: UUID) -> str:
    return base64.urlsafe_b64encode(f"{when.isoformat()}|{identifier}".encode()).decode().rstrip("=")


def _read_cursor(cursor: str) -> tuple[datetime, UUID]:
    try:
        when, _, identifier = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode().partition("|")
        moment = datetime.fromisoformat(when)
        if moment.tzinfo is None:
            raise ValueError("a time without its zone")
        return moment.astimezone(UTC), UUID(identifier)
    except (ValueError, OverflowError, binascii.Error) as error:
        raise InvalidInput("This list position is not valid. Reload the page.", code="bad_cursor") from error
