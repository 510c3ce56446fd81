"""What one does to a message. Each works as a plain form and as an HTMX request."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from conversations.selectors.messages import open_conversation
from conversations.services.regenerate import regenerate as regenerate_answer
from conversations.services.stop_generation import stop_generation
from conversations.services.switch_branch import switch_branch
from conversations.views.requests import ActorRequest, no_store, refused, signed_in, with_revision
from core.exceptions import DomainError


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
        return refused(request, error, reverse("conversations:detail", args=[conversation_id]))
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
