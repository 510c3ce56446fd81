"""Dialogs, sheets, and the pages that are made of one panel."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.utils.safestring import SafeString

from accounts.models import DataExport
from accounts.types import ExportState
from chatplatform.gallery.answers import ANSWERED, QUESTION
from chatplatform.gallery.samples import ADA, ANSWER, CHOICES, HERE, LONG_NAME, MIDDLE, REASONING, SAID_AT, message_id
from chatplatform.gallery.state import State
from conversations.feedback_reasons import COMMENT_CHARACTERS, REASONS
from conversations.reading import BranchStep
from conversations.reading_types import Reading, ReadingMessage, ShareItem
from conversations.search.results import MessageHit, SearchResults, TitleHit
from conversations.search_form import DAYS, FIRST_DAY, LAST_DAY, PLACES, ROLES
from conversations.share_form import ShareForm
from conversations.types import ImportLeftOut, ImportView
from core.exceptions import Conflict

_STEPS = (BranchStep(QUESTION.id, "user", 58, ""), BranchStep(ANSWERED.id, "assistant", 412, "completed"))
_READING = Reading(HERE, "Sourdough that rises", "Be brief.", temporary=False, steps=_STEPS, running=1)
_LINK = ShareItem(UUID(int=21), HERE, LONG_NAME, "https://chat.example.org/s/" + "k" * 22 + "/", "active", SAID_AT, SAID_AT, None, 12, 1043)


def states() -> list[State]:
    return [*_models(), *_sharing(), *_sheets(), *_search(), *_imports(), *_exports(), *_people()]


def _people() -> list[State]:
    return [
        State("Initials", "_picture.html", {"person": ADA}),
        State("Initials, large", "_picture.html", {"person": ADA | {"name": ""}, "large": True}),
        State("A picture", "_picture.html", {"person": ADA | {"picture_digest": "0123456789abcdef"}}),
    ]


def _models() -> list[State]:
    chosen = {"models": CHOICES, "selected": MIDDLE.key, "plan": "Free"}
    return [State("Models", "conversations/_models.html", chosen, classes="sheet")]


def _sharing() -> list[State]:
    ended = [
        replace(_LINK, id=UUID(int=30 + number), state=state, expires_at=SAID_AT)
        for number, state in enumerate(("active", "revoked", "expired", "deleted"))
    ]
    preview = [
        ReadingMessage("user", QUESTION.text, "", "", "", SAID_AT),
        ReadingMessage("assistant", ANSWER, ANSWERED.html, REASONING, MIDDLE.name, SAID_AT),
    ]
    form = {
        "reading": _READING,
        "form": ShareForm(own_name="Ada", has_system_prompt=True),
        "own_name": "Ada",
        "preview": preview,
        "left": 3,
    }
    nothing = {"reading": replace(_READING, steps=())}
    return [
        State("Share", "conversations/_share.html", {**form, "links": ended}, classes="sheet"),
        State("Share, a link was made", "conversations/_share.html", {**form, "made": _LINK}, classes="sheet"),
        State("Share, refused", "conversations/_share.html", {**form, "error": Conflict("There are too many links.")}, classes="sheet"),
        State("Share, nothing to share", "conversations/_share.html", nothing, classes="sheet"),
        State("Share, temporary chat", "conversations/_share.html", {"reading": replace(_READING, temporary=True)}, classes="sheet"),
        State("A link that was brought up to date", "conversations/_share_row.html", {"item": _LINK, "updated": True}, "ul", "rows"),
        State("Export", "conversations/_export.html", {"reading": _READING}, classes="sheet"),
    ]


def _sheets() -> list[State]:
    keys = (('data-shortcut="help"></dd>', 'data-shortcut="help"><kbd>Ctrl</kbd> <kbd>/</kbd></dd>'),)
    return [
        State("Keyboard shortcuts", "conversations/_shortcuts.html", classes="sheet", changes=keys),
        *(State(f"Why an answer was {rating}", "conversations/_feedback.html", _feedback(rating), classes="sheet") for rating in REASONS),
    ]


def _feedback(rating: str) -> dict[str, Any]:
    first = next(iter(REASONS[rating]))
    given = {"rating": rating, "reason": first, "comment": "It left the question open."}
    return {"feedback": given, "reasons": REASONS[rating], "limit": COMMENT_CHARACTERS, "url": "/c/", "back": "/c/"}


def _search() -> list[State]:
    titles = (TitleHit(HERE, SafeString("<mark>Sourdough</mark> that rises"), SAID_AT, pinned=True, archived=False),)
    snippet = SafeString("… why <mark>sourdough</mark> stays flat and dense …")
    messages = (
        MessageHit(message_id(1), HERE, "Sourdough that rises", "user", "", SAID_AT, archived=False, snippet=snippet, more_here=4),
        MessageHit(message_id(2), HERE, LONG_NAME, "assistant", MIDDLE.name, SAID_AT, archived=True, snippet=snippet),
    )
    found = SearchResults(titles, messages, 1204, complete=False, has_next=True, corrected="sourdough")
    results: dict[str, dict[str, Any]] = {
        "Search, found": {"typed": "sourdouhg", "results": found, "page": 2, "chosen": {"chat": str(HERE)}},
        "Search, nothing found": {"typed": "sourdouhg", "results": SearchResults(), "filtered": True},
        "Search, nothing typed": {"typed": ""},
        "Search, recent chats": {"recent": [{"id": HERE, "title": LONG_NAME, "last_activity_at": SAID_AT}]},
        "Search, impossible days": {"wrong": "The last day is before the first. Exchange them."},
    }
    filters = {"chosen": {"role": "user"}, "roles": ROLES, "days": DAYS, "places": PLACES, "first_day": FIRST_DAY, "last_day": LAST_DAY}
    shown = (('id="search-dialog"', 'id="search-dialog" open'),)
    return [
        State("Search", "search/_dialog.html", changes=shown),
        State("Search filters", "search/_filters.html", {**filters, "models": [choice.model for choice in CHOICES]}),
        *(State(name, "search/_results.html", context, classes="search-results") for name, context in results.items()),
    ]


def _imports() -> list[State]:
    left = (ImportLeftOut("without a message", 3, ("New chat", "Untitled")), ImportLeftOut("here already", 12, expected=True))
    over = ImportView(
        UUID(int=41), "export.zip", 48_000_000, "ChatGPT", "completed", "Imported", unfinished=False,
        position=312, total=312, conversations=297, messages=8_120, skipped_count=15, skipped=left, parts=left[:1],
        error_message="", created_at=SAID_AT, finished_at=SAID_AT,
    )  # fmt: skip
    running = replace(over, id=UUID(int=42), state="running", state_words="Importing", unfinished=True, position=120)
    refused = replace(
        over,
        id=UUID(int=43),
        state="refused",
        state_words="Refused",
        conversations=0,
        skipped=(),
        parts=(),
        error_message="This is not an export.",
    )
    broken = "The file ends in the middle. What came before that is here."
    jobs = {
        "Import that waits": replace(running, id=UUID(int=44), state="queued", state_words="Waiting", total=None),
        "Import that runs": running,
        "Import that is over": over,
        "Import that was refused": refused,
        "Import that was interrupted": replace(running, id=UUID(int=45), state="queued", state_words="Interrupted, goes on soon"),
        "Import that was cancelled": replace(over, id=UUID(int=46), state="cancelled", state_words="Cancelled", position=120, parts=()),
        "Import that failed": replace(refused, id=UUID(int=47), state="failed", state_words="Failed", error_message=broken),
        "Import that ended early": replace(over, id=UUID(int=48), state="failed", state_words="Ended early", error_message=broken),
        "Import that is over, with something to say": replace(over, id=UUID(int=49), error_message=broken),
    }
    return [
        State("Import", "conversations/imports/_upload.html", {"limit": "1 GB", "limit_bytes": 2**30}),
        State("How to get an export", "conversations/imports/_teach.html"),
        *(State(name, "conversations/imports/_import.html", {"job": job}) for name, job in jobs.items()),
    ]


def _exports() -> list[State]:
    ready = DataExport(
        id=UUID(int=51), state=ExportState.READY, done=620, total=620, size_bytes=9_400_000, created_at=SAID_AT, expires_at=SAID_AT
    )
    waiting = DataExport(id=UUID(int=52), created_at=SAID_AT)
    running = DataExport(id=UUID(int=53), state=ExportState.RUNNING, done=120, total=620, created_at=SAID_AT)
    failed = DataExport(id=UUID(int=54), state=ExportState.FAILED, created_at=SAID_AT)
    exports = {"that waits": waiting, "that is written": running, "that is ready": ready, "that failed": failed}
    link = f"/settings/data/export/{ready.id}/file/?key=signed"
    return [State(f"Export {name}", "account/_export.html", {"export": one, "link": link}) for name, one in exports.items()]
