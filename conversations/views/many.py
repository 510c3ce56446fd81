"""One thing done to many conversations, and taken back. By a form with checkboxes (`chat`), with and without HTMX."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages as notices
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from conversations.selectors.folders import get_folder
from conversations.services.change_many import Action, Changed, change_many
from conversations.services.create_folder import create_folder
from conversations.services.undo_change import undo_change
from conversations.views.requests import ActorRequest, done, no_store, refused, signed_in, way_back
from core.exceptions import DomainError, InvalidInput

_DID = {
    Action.PIN: "pinned",
    Action.UNPIN: "unpinned",
    Action.MOVE: "moved",
    Action.ARCHIVE: "archived",
    Action.UNARCHIVE: "unarchived",
    Action.DELETE: "deleted",
    Action.RESTORE: "restored",
    Action.ERASE: "deleted for good",
}


@require_POST
@signed_in
def change(request: ActorRequest) -> HttpResponse:
    """`do` is a word of `Action`; `move:<folder>` moves into a folder, `move:` out of folders, `move:new` into a new one (`name`)."""
    otherwise = reverse("conversations:list")
    try:
        word, _, target = request.POST.get("do", "").partition(":")
        action = _action(word)
        ids = _ids(request)
        if not ids:
            raise InvalidInput("Choose at least one chat first.", code="nothing_chosen")
        folder_id = _folder(request, target) if action is Action.MOVE else None
        changed = change_many(request.actor, ids, action, folder_id)
    except DomainError as error:
        return refused(request, error, otherwise)
    undo = reverse("conversations:undo", args=[changed.undo]) if changed.undo else ""
    return done(request, otherwise, _words(request, changed, action, folder_id), undo)


@require_POST
@signed_in
def undo(request: ActorRequest, token: str) -> HttpResponse:
    """Take the change back that is remembered under this word."""
    otherwise = reverse("conversations:list")
    try:
        undo_change(request.actor, token)
    except DomainError as error:
        return refused(request, error, otherwise)
    if not request.htmx:
        notices.info(request, "Undone.")
        return redirect(way_back(request, otherwise))
    return no_store(HttpResponse(status=204))


def _action(word: str) -> Action:
    try:
        return Action(word)
    except ValueError as error:
        raise InvalidInput("This page is out of date. Reload it and try again.", code="bad_action") from error


def _ids(request: ActorRequest) -> set[UUID]:
    try:
        return {UUID(value) for value in request.POST.getlist("chat")}
    except ValueError as error:
        raise InvalidInput("This page is out of date. Reload it and try again.", code="bad_form") from error


def _folder(request: ActorRequest, target: str) -> UUID | None:
    if target == "new":
        return create_folder(request.actor, request.POST.get("name", "")).id
    try:
        return UUID(target) if target else None
    except ValueError as error:
        raise InvalidInput("This page is out of date. Reload it and try again.", code="bad_form") from error


def _words(request: ActorRequest, changed: Changed, action: Action, folder_id: UUID | None) -> str:
    chats = "1 chat" if changed.count == 1 else f"{changed.count} chats"
    if action is Action.MOVE:
        where = f"moved to “{get_folder(request.actor, folder_id).name}”" if folder_id else "taken out of folders"
        return f"{chats} {where}."
    return f"{chats} {_DID[action]}."
