"""Whole pages: a new conversation, and an open one."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages as notices
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from conversations.exceptions import MessageNotFound
from conversations.forms import new_client_key, read_beginning, read_uuid
from conversations.selectors.around import open_at
from conversations.selectors.estimate import Estimate
from conversations.selectors.messages import open_conversation, view_message
from conversations.selectors.models import model_choices, selected_model
from conversations.services.mark_read import mark_read
from conversations.services.send_message import send_message
from conversations.types import ConversationView, Turn
from conversations.views.actions import BEHIND
from conversations.views.estimates import instead_of
from conversations.views.requests import ActorRequest, composer_refusal, no_store, signed_in, with_revision
from conversations.views.whole_page import page_context, page_with_refusal, wanted_models
from core.exceptions import DomainError, PaymentRequired
from providers.selectors.catalogue import default_model


@require_http_methods(["GET", "POST"])
@signed_in
def new(request: ActorRequest) -> HttpResponse:
    """`/c/`: an empty conversation; sending makes it."""
    if request.method == "POST":
        return _send(request, None)
    return no_store(render(request, "conversations/page.html", page_context(request, None)))


@require_http_methods(["GET", "POST"])
@signed_in
def detail(request: ActorRequest, conversation_id: UUID) -> HttpResponse:
    """`/c/<uuid>/`: the conversation with its latest messages, and with one that `?at=<message>` asks for; POST sends."""
    if request.method == "POST":
        return _send(request, conversation_id)
    conversation = _opened(request, conversation_id)
    if conversation is None:
        return redirect("conversations:around", conversation_id=conversation_id, message_id=request.GET["at"])
    if conversation.unread and "prefetch" not in request.headers.get("Sec-Purpose", ""):
        mark_read(request.actor, conversation_id)
    return no_store(render(request, "conversations/page.html", page_context(request, conversation)))


def _opened(request: ActorRequest, conversation_id: UUID) -> ConversationView | None:
    """None when what is asked for stands on another branch."""
    try:
        return open_at(request.actor, conversation_id, UUID(request.GET.get("at", "")))
    except MessageNotFound:
        notices.info(request, "The message that you are looking for is not here any more.")
    except ValueError:
        pass  # nothing is asked for, or no message
    return open_conversation(request.actor, conversation_id)


def _send(request: ActorRequest, conversation_id: UUID | None) -> HttpResponse:
    try:
        turn = send_message(
            request.actor,
            text=request.POST.get("text", ""),
            client_key=read_uuid(request, "client_key") or new_client_key(),
            model_key=_model_key(request),
            conversation_id=conversation_id,
            parent_id=read_uuid(request, "parent"),
            at_start=conversation_id is not None and request.POST.get("parent") == "",
            beginning=read_beginning(request),
        )
    except DomainError as error:
        if request.htmx:
            sender = "queued" if request.htmx.trigger == "queued" else "composer"
            return composer_refusal(request, error, sender=sender, instead=_instead(request, conversation_id, error))
        written = {"draft": request.POST.get("text", ""), "beginning": read_beginning(request)}
        return page_with_refusal(request, conversation_id, error, instead=_instead(request, conversation_id, error), **written)
    address = reverse("conversations:detail", args=[turn.conversation_id])
    if not request.htmx:
        if turn.behind:
            notices.info(request, BEHIND)
        return redirect(f"{address}#m-{turn.user_message_id}")
    response = _sent(request, turn, address, opened=conversation_id is None)
    if turn.behind:
        response["X-Notice"] = BEHIND
    return response


def _sent(request: ActorRequest, turn: Turn, address: str, *, opened: bool) -> HttpResponse:
    """Both turns for the log; for a first message the whole conversation, at its own address."""
    if opened:
        conversation = open_conversation(request.actor, turn.conversation_id)
        response = render(request, "conversations/_main.html", page_context(request, conversation))
        response["HX-Push-Url"] = address
        response["HX-Retarget"] = "#main"
        response["HX-Reswap"] = "outerHTML"
        return with_revision(response, turn.revision)
    ids = (turn.user_message_id, turn.assistant_message_id)
    messages = turn.messages or [view_message(request.actor, turn.conversation_id, message_id) for message_id in ids]
    return with_revision(render(request, "conversations/_turn.html", {"messages": messages}), turn.revision)


def _model_key(request: ActorRequest) -> str:
    """The model that a refusal offered instead, else the one chosen, else the usual one. Raises `ProviderDisabled` without any."""
    return request.POST.get("instead", "") or request.POST.get("model", "") or _usual_model(request)


def _instead(request: ActorRequest, conversation_id: UUID | None, error: DomainError) -> Estimate | None:
    return instead_of(request, conversation_id, _model_key(request)) if isinstance(error, PaymentRequired) else None


def _usual_model(request: ActorRequest) -> str:
    selected = selected_model(model_choices(request.actor), *wanted_models(request, None))
    return (selected or default_model()).key
