"""What one does to a message. Each works as a plain form and as an HTMX request."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages as notices
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from conversations.forms import read_uuid
from conversations.selectors.access import get_message
from conversations.selectors.messages import generation_of, open_conversation
from conversations.services.continue_answer import continue_answer
from conversations.services.delete_branch import delete_branch, restore_branch
from conversations.services.fork_conversation import fork_conversation
from conversations.services.regenerate import question_of
from conversations.services.regenerate import regenerate as regenerate_answer
from conversations.services.stop_generation import stop_generation
from conversations.services.switch_branch import switch_branch
from conversations.types import Turn
from conversations.views.estimates import instead_of_answering
from conversations.views.requests import ActorRequest, done, no_store, place_of, refused, signed_in, with_revision
from conversations.views.whole_page import page_with_refusal
from core.exceptions import DomainError, PaymentRequired

# Also sent as a header, so plain ASCII.
BEHIND = "This page was behind: the conversation had gone on elsewhere. What was said there is kept, as another version."


@require_POST
@signed_in
def stop(request: ActorRequest, conversation_id: UUID, message_id: UUID) -> HttpResponse:
    stop_generation(request.actor, conversation_id, message_id)
    return done(request, home(conversation_id))


@require_POST
@signed_in
def regenerate(request: ActorRequest, conversation_id: UUID, message_id: UUID) -> HttpResponse:
    try:
        model_key = request.POST.get("model", "")
        turn = regenerate_answer(request.actor, conversation_id, message_id, model_key, seen_id=read_uuid(request, "seen"))
    except DomainError as error:
        return _not_again(request, error, conversation_id, message_id, model_key)
    return answered(request, turn)


@require_POST
@signed_in
def go_on(request: ActorRequest, conversation_id: UUID, message_id: UUID) -> HttpResponse:
    try:
        turn = continue_answer(request.actor, conversation_id, message_id, seen_id=read_uuid(request, "seen"))
    except DomainError as error:
        return _not_again(request, error, conversation_id, message_id)
    return answered(request, turn)


@require_POST
@signed_in
def show(request: ActorRequest, conversation_id: UUID, message_id: UUID) -> HttpResponse:
    switch_branch(request.actor, conversation_id, message_id)
    return branch(request, conversation_id, message_id)


@require_POST
@signed_in
def fork(request: ActorRequest, conversation_id: UUID, message_id: UUID) -> HttpResponse:
    """Copy the branch and go there."""
    try:
        address = home(fork_conversation(request.actor, conversation_id, message_id).id)
    except DomainError as error:
        return refused(request, error, home(conversation_id))
    if not request.htmx:
        return redirect(address)
    response = no_store(HttpResponse(status=204))
    response["HX-Redirect"] = address
    return response


@require_POST
@signed_in
def delete(request: ActorRequest, conversation_id: UUID, message_id: UUID) -> HttpResponse:
    message = delete_branch(request.actor, conversation_id, message_id)
    what = "Your message" if message.role == "user" else "The answer"
    undo = reverse("conversations:restore_branch", args=[conversation_id, message_id])
    return done(request, home(conversation_id), f"{what} was deleted, with what followed it.", undo)


@require_POST
@signed_in
def restore(request: ActorRequest, conversation_id: UUID, message_id: UUID) -> HttpResponse:
    try:
        restore_branch(request.actor, conversation_id, message_id)
    except DomainError as error:
        return refused(request, error, home(conversation_id))
    return done(request, place_of(conversation_id, message_id))


def answered(request: ActorRequest, turn: Turn) -> HttpResponse:
    """The branch with a new answer; a page that was behind is told that this made a version of its own."""
    if turn.behind and not request.htmx:
        notices.info(request, BEHIND)
    response = branch(request, turn.conversation_id, turn.assistant_message_id)
    if turn.behind:
        response["X-Notice"] = BEHIND
    return response


def _not_again(request: ActorRequest, error: DomainError, conversation_id: UUID, message_id: UUID, model_key: str = "") -> HttpResponse:
    """No other answer with this model; what the plan has no room for, or no such model, may be answered by another one."""
    if not isinstance(error, PaymentRequired):
        return refused(request, error, home(conversation_id))
    message = get_message(request.actor, conversation_id, message_id)
    earlier = generation_of(message)
    earlier_key = earlier.model_key if earlier else message.conversation.model_key
    instead = instead_of_answering(request, error, question_of(message), model_key, earlier_key)
    if not request.htmx:
        return page_with_refusal(request, conversation_id, error, instead=instead, again=message)
    return refused(request, error, home(conversation_id), instead=instead, again=message)


def branch(request: ActorRequest, conversation_id: UUID, message_id: UUID) -> HttpResponse:
    """The branch that is shown now, for the log, far enough up to have this message in it."""
    if not request.htmx:
        return redirect(place_of(conversation_id, message_id))
    conversation = open_conversation(request.actor, conversation_id, with_message=message_id)
    context = {"conversation": conversation, "messages": conversation.messages, "has_older": conversation.has_older}
    return with_revision(render(request, "conversations/_log_items.html", context), conversation.revision)


def home(conversation_id: UUID) -> str:
    return reverse("conversations:detail", args=[conversation_id])
