"""What is said in passing: toasts, notices, the banner of the connection."""

from __future__ import annotations

from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message

from chatplatform.gallery.samples import HERE, LONG_NAME
from chatplatform.gallery.state import State
from core.exceptions import DomainError, NotFound, PaymentRequired


def states() -> list[State]:
    return [*_toasts(), *_notices(), *_connection(), State("Landing page’s example", "_landing_example.html")]


def _toasts() -> list[State]:
    undo = {"text": f"“{LONG_NAME}” was deleted.", "undo": "/c/undo/", "fields": {"word": "1"}}
    refusals: dict[str, DomainError] = {
        "Error among the toasts": NotFound(),
        "No room, among the toasts": PaymentRequired("Your plan is used up."),
    }
    return [
        State("Toast", "conversations/_undo_toast.html", {"text": "Copied."}, classes="toasts"),
        State("Toast with Undo", "conversations/_undo_toast.html", undo, classes="toasts"),
        *(
            State(name, "errors/_notice.html", {"error": error, "status": error.http_status}, classes="toasts")
            for name, error in refusals.items()
        ),
    ]


def _notices() -> list[State]:
    said = [
        Message(constants.SUCCESS, "The chat was deleted.", "undo:/c/undo/"),
        Message(constants.ERROR, "A folder with this name is there already."),
        Message(constants.INFO, "Your plan begins anew on 1 December."),
        Message(constants.WARNING, "This address is not confirmed yet."),
    ]
    return [
        State("Notices in a conversation", "conversations/_notices.html", {"notices": said}),
        State("Notices on a page", "_messages.html", {"messages": said}),
        State("Conversation deleted elsewhere", "conversations/_deleted_notice.html", {"conversation": {"id": HERE}}),
    ]


def _connection() -> list[State]:
    banners = {
        "Connection lost": "lost",
        "Offline": "offline",
        "Signed out elsewhere": "4401",
        "Conversation gone": "4404",
        "Page out of date": "4400",
    }
    return [State(name, "gallery/_connection.html", {"connection": why}) for name, why in banners.items()]
