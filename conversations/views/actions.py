"""What one does to a conversation or a message. Each works as a plain form and as an HTMX request."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages as notices
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from conversations.selectors.messages import open_conversation
from conversations.services.delete_conversation import delete_conversation, restore_conversation
from conversations.services.regenerate import regenerate as regenerate_answer
from conversations.services.rename_conversation import rename_conversation
from conversations.services.stop_generation import stop_generation
from conversations.services.switch_branch import switch_branch
from conversations.views.requests import ActorRequest, composer_refusal, no_store, signed_in, with_revision
from core.exceptions import DomainError, NotFound


@require_POST
@signed_in
def stop(request: ActorRequest, conversation_id: UUID, message_id: UUID) -> HttpResponse:
    stop_generation(request.actor, conversation_id, message_id)
    if request.htmx:
        return no_store(HttpResponse(status=204))
    return redirect("conversations:detail", conversation_id=conversation_id)


@require_POST
@signed_in
def regenerate(request: ActorRequest, conversation_id: UUID, message_id: UUID) -> HttpResponse:
    try:
        turn = regenerate_answer(request.actor, conversation_id, message_id, request.POST.get("model", ""))
    except DomainError as error:
        return _refused(request, conversation_id, error)
    if not request.htmx:
        return redirect(f"{reverse('conversations:detail', args=[conversation_id])}#m-{turn.assistant_message_id}")
    return with_revision(render(request, "conversations/_turn.html", {"messages": turn.messages}), turn.revision)


@require_POST
@signed_in
def show(request: ActorRequest, conversation_id: UUID, message_id: UUID) -> HttpResponse:
    switch_branch(request.actor, conversation_id, message_id)
    if not request.htmx:
        return redirect(f"{reverse('conversations:detail', args=[conversation_id])}#m-{message_id}")
    conversation = open_conversation(request.actor, conversation_id)
    context = {"conversation": conversation, "messages": conversation.messages, "has_older": conversation.has_older}
    return with_revision(render(request, "conversations/_log_items.html", context), conversation.revision)


@require_POST
@signed_in
def rename(request: ActorRequest, conversation_id: UUID) -> HttpResponse:
    try:
        conversation = rename_conversation(request.actor, conversation_id, request.POST.get("title", ""))
    except DomainError as error:
        return _refused(request, conversation_id, error)
    if request.htmx:
        return no_store(HttpResponse(status=204))
    return redirect("conversations:detail", conversation_id=conversation.id)


@require_POST
@signed_in
def delete(request: ActorRequest, conversation_id: UUID) -> HttpResponse:
    """Delete, and offer to undo: as a toast, or as a notice on the next page."""
    conversation = delete_conversation(request.actor, conversation_id)
    if request.htmx:
        return no_store(render(request, "conversations/_deleted_toast.html", {"conversation": conversation}))
    undo = reverse("conversations:restore", args=[conversation.id])
    notices.info(request, f"“{conversation.title}” was deleted.", extra_tags=f"undo:{undo}")
    return redirect("conversations:new")


@require_POST
@signed_in
def restore(request: ActorRequest, conversation_id: UUID) -> HttpResponse:
    conversation = restore_conversation(request.actor, conversation_id)
    address = reverse("conversations:detail", args=[conversation.id])
    if request.htmx:
        response = no_store(HttpResponse(status=204))
        response["HX-Redirect"] = address
        return response
    return redirect(address)


def _refused(request: ActorRequest, conversation_id: UUID, error: DomainError) -> HttpResponse:
    if isinstance(error, NotFound):
        raise error
    if request.htmx:
        return composer_refusal(request, error)
    notices.error(request, error.message)
    return redirect("conversations:detail", conversation_id=conversation_id)
