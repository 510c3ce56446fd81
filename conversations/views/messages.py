"""Fragments of the log."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from conversations.selectors.around import messages_between
from conversations.selectors.messages import older_messages, open_conversation, view_message
from conversations.views.requests import ActorRequest, no_store, place_of, signed_in, with_revision
from core.exceptions import InvalidInput


@require_GET
@signed_in
def latest(request: ActorRequest, conversation_id: UUID) -> HttpResponse:
    """The latest messages: what a page swaps in when it has missed something."""
    conversation = open_conversation(request.actor, conversation_id)
    context = {"conversation": conversation, "messages": conversation.messages, "has_older": conversation.has_older}
    return with_revision(render(request, "conversations/_log_items.html", context), conversation.revision)


@require_GET
@signed_in
def older(request: ActorRequest, conversation_id: UUID) -> HttpResponse:
    """The messages above `?before=<message>`; a whole page of them without HTMX."""
    try:
        before = UUID(request.GET.get("before", ""))
    except ValueError as error:
        raise InvalidInput("This position in the conversation is not valid. Reload the page.", code="bad_position") from error
    messages, has_older = older_messages(request.actor, conversation_id, before)
    conversation = {"id": conversation_id}
    context = {"conversation": conversation, "messages": messages, "has_older": has_older, "before": before}
    template = "conversations/_log_items.html" if request.htmx else "conversations/older_page.html"
    return no_store(render(request, template, context))


@require_GET
@signed_in
def between(request: ActorRequest, conversation_id: UUID, message_id: UUID) -> HttpResponse:
    """Some of the messages that a page leaves out below this one and above `?before=<message>`; `?from=below`: those next to that."""
    try:
        before = UUID(request.GET.get("before", ""))
    except ValueError:
        before = None
    from_below = request.GET.get("from") == "below"
    messages, gap = messages_between(request.actor, conversation_id, message_id, before, from_below=from_below)
    if not request.htmx:
        return redirect(place_of(conversation_id, message_id))
    context = {"conversation": {"id": conversation_id}, "messages": messages, "gap": gap, "from_below": from_below}
    return no_store(render(request, "conversations/_between.html", context))


@require_GET
@signed_in
def one(request: ActorRequest, conversation_id: UUID, message_id: UUID) -> HttpResponse:
    """One message as it is now: what a page swaps in when its text has a gap."""
    message = view_message(request.actor, conversation_id, message_id)
    if not request.htmx:
        return redirect("conversations:detail", conversation_id=conversation_id)
    return no_store(render(request, "conversations/_message.html", {"message": message}))


@require_GET
@signed_in
def source(request: ActorRequest, conversation_id: UUID, message_id: UUID) -> HttpResponse:
    """The message as Markdown, for copying."""
    text = view_message(request.actor, conversation_id, message_id).text
    return no_store(HttpResponse(text, content_type="text/plain; charset=utf-8"))
