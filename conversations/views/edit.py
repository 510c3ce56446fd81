"""A question in other words: the editor, in its place or on a page of its own, and what it sends."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from conversations.exceptions import MessageNotFound
from conversations.forms import new_client_key, read_uuid
from conversations.models import MessageRole
from conversations.selectors.access import get_message
from conversations.services.edit_message import edit_message
from conversations.views.actions import answered, home
from conversations.views.estimates import instead_of_answering
from conversations.views.requests import ActorRequest, composer_refusal, no_store, signed_in
from core.exceptions import DomainError


@require_http_methods(["GET", "POST"])
@signed_in
def edit(request: ActorRequest, conversation_id: UUID, message_id: UUID) -> HttpResponse:
    """GET gives the editor, POST the new branch. A refusal leaves the text in the editor."""
    message = get_message(request.actor, conversation_id, message_id)
    if message.role != MessageRole.USER:
        raise MessageNotFound
    context = {"message": message, "home": home(conversation_id), "text": message.text, "client_key": new_client_key()}
    if request.method == "GET":
        return _editor(request, context | {"seen": message.conversation.active_leaf_id})
    text, seen = request.POST.get("text", ""), request.POST.get("seen", "")
    model_key = request.POST.get("instead", "") or request.POST.get("model", "")
    try:
        turn = edit_message(
            request.actor,
            conversation_id,
            message_id,
            text=text,
            client_key=read_uuid(request, "client_key") or new_client_key(),
            model_key=model_key,
            seen_id=read_uuid(request, "seen"),
        )
    except DomainError as error:
        instead = instead_of_answering(request, error, message, model_key, message.conversation.model_key, text)
        if request.htmx:
            return composer_refusal(request, error, place=f"#edit-notice-{message_id}", instead=instead, within=True)
        refusal = {"error": error, "instead": instead, "within": True}
        return _editor(request, context | {"text": text, "seen": seen} | refusal, status=error.http_status)
    return answered(request, turn)


def _editor(request: ActorRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
    template = "conversations/_editor.html" if request.htmx else "conversations/edit_page.html"
    return no_store(render(request, template, context, status=status))
