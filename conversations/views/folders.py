"""Folders: a page that lists them, and what one does to one. Each works as a plain form and as an HTMX request."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from conversations.forms import read_uuid
from conversations.selectors.folders import get_folder, list_folders
from conversations.services.create_folder import create_folder
from conversations.services.delete_folder import delete_folder
from conversations.services.rename_folder import rename_folder
from conversations.views.requests import ActorRequest, done, no_store, refused, signed_in
from core.exceptions import DomainError


@require_http_methods(["GET", "POST"])
@signed_in
def folders(request: ActorRequest) -> HttpResponse:
    """GET: all of them, where there is no JavaScript. POST: a new one (`name`), with a conversation in it when one is posted."""
    here = reverse("conversations:folders")
    if request.method == "GET":
        return no_store(render(request, "conversations/folders_page.html", {"folders": list_folders(request.actor)}))
    try:
        conversation_id = read_uuid(request, "conversation")
        folder = create_folder(request.actor, request.POST.get("name", ""), conversation_id)
    except DomainError as error:
        return refused(request, error, here)
    return done(request, here, f"{'Moved to' if conversation_id else 'Made'} the folder “{folder.name}”.")


@require_GET
@signed_in
def options(request: ActorRequest, folder_id: UUID) -> HttpResponse:
    """What can be done with a folder: a fragment for the popover, a page without HTMX."""
    folder = get_folder(request.actor, folder_id)
    menu = "conversations/_folder_menu.html"
    if request.htmx:
        return no_store(render(request, menu, {"folder": folder}))
    context = {"folder": folder, "menu": menu, "name": folder.name, "back": reverse("conversations:folders")}
    return no_store(render(request, "conversations/options_page.html", context))


@require_POST
@signed_in
def rename(request: ActorRequest, folder_id: UUID) -> HttpResponse:
    here = reverse("conversations:folders")
    try:
        rename_folder(request.actor, folder_id, request.POST.get("name", ""))
    except DomainError as error:
        return refused(request, error, here)
    return done(request, here)


@require_POST
@signed_in
def delete(request: ActorRequest, folder_id: UUID) -> HttpResponse:
    folder, token = delete_folder(request.actor, folder_id)
    undo = reverse("conversations:undo", args=[token]) if token else ""
    return done(request, reverse("conversations:folders"), f"The folder “{folder.name}” was deleted. Its chats are still there.", undo)
