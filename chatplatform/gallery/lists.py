"""The sidebar, lists of conversations, and the options of what is in them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from chatplatform.gallery.answers import ANSWERED, QUESTION
from chatplatform.gallery.samples import ADA, CHOICES, LONG_NAME
from chatplatform.gallery.state import State
from conversations.types import ConversationItem, ConversationPage, FolderItem, SidebarView

_OPTIONS = "conversations/_conversation_menu.html"
_FOLDER = "conversations/_folder_menu.html"


def states() -> list[State]:
    return [*_sidebar(), *_pages(), *_many(), *_menus()]


def _item(number: int, title: str, *, days: int = 0) -> ConversationItem:
    return ConversationItem(UUID(int=100 + number), title, timezone.now() - timedelta(days=days))


def _sidebar() -> list[State]:
    pinned = replace(_item(1, "Always at hand"), pinned_at=timezone.now())
    folder = FolderItem(UUID(int=11), "Work", open=True, page=ConversationPage((_item(2, "Minutes of Monday"),)))
    dated = (
        _item(3, "Sourdough that rises"),
        replace(_item(4, "A slow query"), running=True),
        replace(_item(5, "Three days in Lisbon", days=1), unread=True),
        _item(6, LONG_NAME, days=5),
        _item(7, "خطاب إلى المالك", days=400),
    )
    view = SidebarView((pinned,), (folder, FolderItem(UUID(int=12), LONG_NAME)), ConversationPage(dated, "more"))
    shown = ((' popover aria-label="Chats"', ' aria-label="Chats"'),)
    here = {"sidebar": view, "current_id": dated[0].key, "user": ADA}
    loading = ('aria-label="Show more" hx-get', 'class="htmx-request" aria-label="Show more" hx-get')
    naming = (f'<li id="c-{dated[0].key}"', f'<li data-naming id="c-{dated[0].key}"')
    empty = {"sidebar": SidebarView((), (), ConversationPage(()))}
    return [
        State("Sidebar", "conversations/_sidebar.html", here, changes=shown),
        State("Sidebar with a title being made, that loads more", "conversations/_sidebar.html", here, changes=(*shown, naming, loading)),
        State("Sidebar without chats", "conversations/_sidebar.html", {**here, **empty}, changes=shown),
    ]


def _pages() -> list[State]:
    items = (_item(21, "Put away"), replace(_item(22, LONG_NAME, days=3), unread=True))
    page = {"page": ConversationPage(items, "next"), "more": "/c/archived/?", "heading": ""}
    deleted = replace(_item(23, "Thrown away"), deleted_at=timezone.now() - timedelta(hours=3))
    return [
        State("A list as a page", "conversations/_conversation_rows.html", page, "ul", "chat-list"),
        State("A deleted chat", "conversations/_deleted_row.html", {"item": deleted, "next": "/c/deleted/"}, "ul", "chat-list"),
    ]


def _many() -> list[State]:
    folders = (FolderItem(UUID(int=11), "Work"), FolderItem(UUID(int=12), LONG_NAME))
    return [
        State(f"Selected chats, {kind}", "conversations/_many.html", {"kind": kind, "folders": folders})
        for kind in ("all", "archived", "deleted")
    ]


def _menus() -> list[State]:
    item, folders = _item(31, "Sourdough that rises"), (FolderItem(UUID(int=11), "Work"), FolderItem(UUID(int=12), LONG_NAME))
    pinned = replace(item, pinned_at=timezone.now(), folder_id=folders[0].id)
    menus: dict[str, tuple[str, dict[str, Any]]] = {
        "Options of a chat": (_OPTIONS, {"item": item, "folders": folders}),
        "Options of a pinned chat in a folder": (_OPTIONS, {"item": pinned, "folders": folders}),
        "Options of an archived chat": (_OPTIONS, {"item": replace(item, archived_at=timezone.now()), "folders": ()}),
        "Options of a temporary chat": (_OPTIONS, {"item": replace(item, temporary=True), "folders": ()}),
        "Options of a folder": (_FOLDER, {"folder": folders[0]}),
        "More about a question": ("conversations/_message_menu.html", {"message": QUESTION}),
        "More about a rated version": ("conversations/_message_menu.html", {"message": replace(ANSWERED, rating="bad", sibling_count=3)}),
        "Models to answer again": ("conversations/_model_choices.html", {"message": ANSWERED, "models": CHOICES}),
        "No models to answer again": ("conversations/_model_choices.html", {"message": ANSWERED, "models": ()}),
    }
    unfolded = (('<details name="options-part">', "<details open>"),)
    return [
        *(State(name, template, context, classes="options-list") for name, (template, context) in menus.items()),
        State("Options of a chat, unfolded", _OPTIONS, {"item": pinned, "folders": folders}, classes="options-list", changes=unfolded),
        State("Options of a folder, unfolded", _FOLDER, {"folder": folders[0]}, classes="options-list", changes=unfolded),
    ]
