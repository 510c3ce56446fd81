"""Lists of conversations: the sidebar's, and pages of their own."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from conversations.selectors.conversations import (
    KEPT_DELETED,
    PAGE_SIZE,
    list_archived,
    list_conversations,
    list_deleted,
    list_folder,
    list_pinned,
    sidebar,
)
from conversations.selectors.folders import get_folder, list_folders
from conversations.types import ConversationPage
from conversations.views.requests import ActorRequest, no_store, signed_in
from core.exceptions import InvalidInput

_SIDEBAR_COOKIE = "sidebar"  # "closed" on a device that has put the sidebar away
_FOLDERS_COOKIE = "folders"  # which folders are open on this device: ends of their ids

# What the page of a list says: about it, and when it is empty.
_WORDS = {
    "all": {"about": "", "icon": "chat", "empty": "No chats yet", "hint": "Your chats will stand here, the latest first."},
    "folder": {
        "about": "",
        "icon": "folder",
        "empty": "This folder is empty",
        "hint": "Move a chat here with “Move to folder” in its options. Pinned chats stand among the pinned until they are unpinned.",
    },
    "archived": {
        "about": "Archived chats are out of the sidebar and keep everything. Writing into one brings it back.",
        "icon": "archive",
        "empty": "Nothing is archived",
        "hint": "Archive a chat from its options to clear the sidebar without deleting anything.",
    },
    "deleted": {
        "about": f"Deleted chats can be restored for {KEPT_DELETED.days} days. Then they are gone for good.",
        "icon": "trash",
        "empty": "Nothing was deleted lately",
        "hint": f"What you delete stays here for {KEPT_DELETED.days} days.",
    },
}


def sidebar_context(request: ActorRequest, rows: int = PAGE_SIZE) -> dict[str, Any]:
    """What `_sidebar.html` shows on this device."""
    open_folders = request.COOKIES.get(_FOLDERS_COOKIE, "").split(".")
    return {
        "sidebar": sidebar(request.actor, open_folders=open_folders, rows=rows),
        "sidebar_closed": request.COOKIES.get(_SIDEBAR_COOKIE) == "closed",
    }


@require_GET
@signed_in
def conversations(request: ActorRequest) -> HttpResponse:
    """With HTMX: further rows (`?cursor=`) of the groups by date or of a folder (`?folder=`), or the whole list of the sidebar anew
    (`?rows=` as many as the page has). Without: a page of its own.
    """
    cursor, folder_id = request.GET.get("cursor", ""), _folder(request)
    if request.htmx and not cursor and not folder_id:
        context = sidebar_context(request, _rows(request)) | {"current_id": request.GET.get("current", "")}
        return no_store(render(request, "conversations/_sidebar_list.html", context))
    page = list_folder(request.actor, folder_id, cursor) if folder_id else list_conversations(request.actor, cursor)
    more = f"{request.path}?folder={folder_id.hex}&" if folder_id else f"{request.path}?"
    if request.htmx:
        return no_store(render(request, "conversations/_conversation_rows.html", {"page": page, "grouped": not folder_id, "more": more}))
    if folder_id:
        return _page(request, "folder", page, more, get_folder(request.actor, folder_id).name)
    pinned = () if cursor else list_pinned(request.actor)
    return _page(request, "all", page, more, "Earlier conversations" if cursor else "All chats", pinned=pinned, grouped=True)


@require_GET
@signed_in
def archived(request: ActorRequest) -> HttpResponse:
    """Archived chats, the latest archived first."""
    return _page(request, "archived", list_archived(request.actor, request.GET.get("cursor", "")), f"{request.path}?", "Archived chats")


@require_GET
@signed_in
def deleted(request: ActorRequest) -> HttpResponse:
    """What was deleted in the last 30 days."""
    return _page(request, "deleted", list_deleted(request.actor, request.GET.get("cursor", "")), f"{request.path}?", "Recently deleted")


def _page(request: ActorRequest, kind: str, page: ConversationPage, more: str, heading: str, **rest: Any) -> HttpResponse:
    """A list as a page: rows with checkboxes, and what can be done with those that are ticked."""
    context = {"kind": kind, "page": page, "more": more, "heading": heading, "next": request.get_full_path(), **_WORDS[kind], **rest}
    return no_store(render(request, "conversations/list_page.html", context | {"folders": list_folders(request.actor)}))


def _rows(request: ActorRequest) -> int:
    rows = request.GET.get("rows", "")
    return int(rows) if rows.isascii() and rows.isdigit() and len(rows) < 6 else PAGE_SIZE


def _folder(request: ActorRequest) -> UUID | None:
    wanted = request.GET.get("folder", "")
    try:
        return UUID(wanted) if wanted else None
    except ValueError as error:
        raise InvalidInput("This list position is not valid. Reload the page.", code="bad_folder") from error
