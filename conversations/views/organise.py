"""What one does to a conversation as a whole. Each works as a plain form and as an HTMX request."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from conversations.forms import read_uuid
from conversations.selectors.conversations import conversation_item
from conversations.selectors.folders import list_folders
from conversations.services.archive_conversation import archive_conversation, unarchive_conversation
from conversations.services.ask_for_title import ask_for_title
from conversations.services.delete_conversation import delete_conversation, restore_conversation
from conversations.services.mark_read import mark_read
from conversations.services.move_to_folder import move_to_folder
from conversations.services.pin_conversation import pin_conversation, unpin_conversation
from conversations.services.rename_conversation import rename_conversation
from conversations.views.requests import ActorRequest, current_path, done, no_store, refused, signed_in
from core.exceptions import DomainError


@require_GET
@signed_in
def options(request: ActorRequest, conversation_id: UUID) -> HttpResponse:
    """What can be done with it: a fragment for the popover, a page without HTMX."""
    item = conversation_item(request.actor, conversation_id)
    menu = "conversations/_conversation_menu.html"
    context = {"item": item, "folders": list_folders(request.actor)}
    if request.htmx:
        return no_store(render(request, menu, context))
    return no_store(
        render(request, "conversations/options_page.html", context | {"menu": menu, "name": item.title, "back": _home(item.id)})
    )


@require_POST
@signed_in
def rename(request: ActorRequest, conversation_id: UUID) -> HttpResponse:
    try:
        rename_conversation(request.actor, conversation_id, request.POST.get("title", ""))
    except DomainError as error:
        return refused(request, error, _home(conversation_id))
    return done(request, _home(conversation_id))


@require_POST
@signed_in
def title(request: ActorRequest, conversation_id: UUID) -> HttpResponse:
    """Another title by a model; it arrives by events, without JavaScript at the next page."""
    try:
        ask_for_title(request.actor, conversation_id)
    except DomainError as error:
        return refused(request, error, _home(conversation_id))
    return done(request, _home(conversation_id), "" if request.htmx else "A new title is being written. Reload the page to see it.")


@require_POST
@signed_in
def pin(request: ActorRequest, conversation_id: UUID) -> HttpResponse:
    try:
        pin_conversation(request.actor, conversation_id)
    except DomainError as error:
        return refused(request, error, _home(conversation_id))
    return done(request, _home(conversation_id))


@require_POST
@signed_in
def unpin(request: ActorRequest, conversation_id: UUID) -> HttpResponse:
    unpin_conversation(request.actor, conversation_id)
    return done(request, _home(conversation_id))


@require_POST
@signed_in
def move(request: ActorRequest, conversation_id: UUID) -> HttpResponse:
    """Into the folder that is posted, out of its folder when none is."""
    conversation, before = move_to_folder(request.actor, conversation_id, read_uuid(request, "folder"))
    name = conversation.folder.name if conversation.folder else ""
    text = f"Moved to “{name}”." if name else "Taken out of its folder."
    if before == conversation.folder_id:
        text = ""
    return done(request, _home(conversation_id), text, reverse("conversations:move", args=[conversation_id]), folder=str(before or ""))


@require_POST
@signed_in
def archive(request: ActorRequest, conversation_id: UUID) -> HttpResponse:
    conversation = archive_conversation(request.actor, conversation_id)
    undo = reverse("conversations:unarchive", args=[conversation_id])
    return done(request, reverse("conversations:new"), f"“{_short(conversation.title)}” was archived.", undo)


@require_POST
@signed_in
def unarchive(request: ActorRequest, conversation_id: UUID) -> HttpResponse:
    unarchive_conversation(request.actor, conversation_id)
    return done(request, _home(conversation_id))


@require_POST
@signed_in
def delete(request: ActorRequest, conversation_id: UUID) -> HttpResponse:
    conversation = delete_conversation(request.actor, conversation_id)
    undo = reverse("conversations:restore", args=[conversation_id])
    return done(request, reverse("conversations:new"), f"“{_short(conversation.title)}” was deleted.", undo)


@require_POST
@signed_in
def restore(request: ActorRequest, conversation_id: UUID) -> HttpResponse:
    """Undo the deletion, once or twice. A page of the conversation itself is loaded anew; others hear of it by an event."""
    restore_conversation(request.actor, conversation_id)
    response = done(request, _home(conversation_id))
    if request.htmx and current_path(request) == _home(conversation_id):
        response["HX-Redirect"] = _home(conversation_id)
    return response


@require_POST
@signed_in
def read(request: ActorRequest, conversation_id: UUID) -> HttpResponse:
    """A page shows the end of the conversation."""
    mark_read(request.actor, conversation_id)
    return no_store(HttpResponse(status=204)) if request.htmx else redirect(_home(conversation_id))


def _home(conversation_id: UUID) -> str:
    return reverse("conversations:detail", args=[conversation_id])


def _short(title: str) -> str:
    return title if len(title) <= 40 else f"{title[:39].rstrip()}…"
