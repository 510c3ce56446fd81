"""What else can be done with a message: lines for the popover beside its button, pages without HTMX."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from conversations.selectors.messages import view_message
from conversations.selectors.models import model_choices
from conversations.types import MessageView
from conversations.views.requests import ActorRequest, no_store, place_of, signed_in


@require_GET
@signed_in
def more(request: ActorRequest, conversation_id: UUID, message_id: UUID) -> HttpResponse:
    """Fork, delete, and why it was rated so."""
    message = view_message(request.actor, conversation_id, message_id)
    if request.htmx:
        return no_store(render(request, "conversations/_message_menu.html", {"message": message}))
    return _page(request, "Your message" if message.role == "user" else "Answer", message, "conversations/_message_menu.html")


@require_GET
@signed_in
def models(request: ActorRequest, conversation_id: UUID, message_id: UUID) -> HttpResponse:
    """The models that can answer again, as a page; with JavaScript the composer's list is used (js/models.js)."""
    message = view_message(request.actor, conversation_id, message_id)
    return _page(request, "Answer again with…", message, "conversations/_model_choices.html", models=model_choices(request.actor))


def _page(request: ActorRequest, name: str, message: MessageView, menu: str, **more: Any) -> HttpResponse:
    page = {"message": message, "menu": menu, "name": name, "back": place_of(message.conversation_id, message.id), **more}
    return no_store(render(request, "conversations/options_page.html", page))
