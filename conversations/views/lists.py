"""Lists of conversations: the sidebar's, and pages of their own."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from conversations.selectors.conversations import PAGE_SIZE, list_conversations, list_folder, sidebar
from conversations.selectors.folders import get_folder, list_folders
from conversations.types import ConversationPage
from conversations.views.requests import ActorRequest, no_store, signed_in
from core.exceptions import InvalidInput

_SIDEBAR_COOKIE = "sidebar"  # "closed" on a device that has put the sidebar away
_FOLDERS_COOKIE = "folders"  # which folders are open on this device: ends of their ids


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
    cursor, current = request.GET.get("cursor", ""), {"current_id": request.GET.get("current", "")}
    if request.htmx and not cursor and "folder" not in request.GET:
        return no_store(render(request, "conversations/_sidebar_list.html", sidebar_context(request, _rows(request)) | current))
    folder_id = _folder(request)
    page = list_folder(request.actor, folder_id, cursor) if folder_id else list_conversations(request.actor, cursor)
    if request.htmx:
        return no_store(render(request, "conversations/_conversation_rows.html", {"page": page, "folder_id": folder_id} | current))
    return _list_page(request, page, folder_id)


def _list_page(request: ActorRequest, page: ConversationPage, folder_id: UUID | None) -> HttpResponse:
    heading = get_folder(request.actor, folder_id).name if folder_id else "Earlier conversations"
    context = {"page": page, "folder_id": folder_id, "heading": heading, "folders": list_folders(request.actor)}
    return no_store(render(request, "conversations/list_page.html", context))


def _rows(request: ActorRequest) -> int:
    rows = request.GET.get("rows", "")
    return int(rows) if rows.isascii() and rows.isdigit() and len(rows) < 6 else PAGE_SIZE


def _folder(request: ActorRequest) -> UUID | None:
    wanted = request.GET.get("folder", "")
    try:
        return UUID(wanted) if wanted else None
    except ValueError as error:
        raise InvalidInput("This list position is not valid. Reload the page.", code="bad_folder") from error
