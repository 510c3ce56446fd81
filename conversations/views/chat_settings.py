"""What a conversation is told beforehand, whether it stays, and how its owner likes to chat."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages as notices
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.selectors import chat_preferences
from accounts.services import switch_shortcuts, update_chat_preferences
from conversations.forms import ChatPreferencesForm
from conversations.models import Conversation
from conversations.selectors.access import get_conversation
from conversations.selectors.models import model_choices
from conversations.services.keep_conversation import keep_conversation
from conversations.services.set_system_prompt import set_system_prompt
from conversations.system_prompt import MAX_CHARACTERS
from conversations.views.requests import ActorRequest, no_store, signed_in, with_revision
from core.exceptions import InvalidInput
from providers.selectors.catalogue import list_models
from providers.tokens import count_tokens
from usage.selectors.balance import get_balance

COUNTED_CHARACTERS = 50_000


@require_http_methods(["GET", "POST"])
@signed_in
def system_prompt(request: ActorRequest, conversation_id: UUID) -> HttpResponse:
    """The prompt in a form: for the dialog, or as a page of its own. POST stores it."""
    if request.method == "GET":
        return _system_prompt_form(request, conversation_id, get_conversation(request.actor, conversation_id).system_prompt)
    text = request.POST.get("system", "")
    try:
        conversation = set_system_prompt(request.actor, conversation_id, text)
    except InvalidInput as error:
        return _system_prompt_form(request, conversation_id, text, error)
    return _settled(request, conversation)


@require_POST
@signed_in
def keep(request: ActorRequest, conversation_id: UUID) -> HttpResponse:
    """A temporary chat stays."""
    return _settled(request, keep_conversation(request.actor, conversation_id))


@require_GET
@signed_in
def models(request: ActorRequest) -> HttpResponse:
    """The list to choose a model from (`?selected=`), with what each can do, what it costs, and what the plan has not."""
    context = {
        "models": model_choices(request.actor),
        "selected": request.GET.get("selected", ""),
        "plan": get_balance(request.actor.workspace_id).plan_name,
    }
    return no_store(render(request, "conversations/_models.html", context))


@require_POST
@signed_in
def tokens(request: ActorRequest) -> HttpResponse:
    """How many tokens a text is, about: for what is written into a form."""
    text = request.POST.get("text", "")[:COUNTED_CHARACTERS]
    return no_store(HttpResponse(str(count_tokens(text) if text else 0), content_type="text/plain"))


@require_http_methods(["GET", "POST"])
@signed_in
def shortcuts(request: ActorRequest) -> HttpResponse:
    """The sheet of keyboard shortcuts; POST switches them on (`on`) or off."""
    if request.method == "GET":
        return no_store(render(request, "conversations/_shortcuts.html"))
    switch_shortcuts(request.actor.user_id, on=bool(request.POST.get("on")))
    return no_store(HttpResponse(status=204))


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def preferences(request: ActorRequest) -> HttpResponse:
    """`/settings/chat/`: the key that sends, shortcuts, custom instructions, the model of new conversations."""
    form = ChatPreferencesForm(list_models(), chat_preferences(request.actor.user_id), request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        update_chat_preferences(request.actor.user_id, form.preferences)
        notices.success(request, "Your chat preferences are saved.")
        return redirect("chat-preferences")
    context = {"form": form, "tokens": count_tokens(str(form["custom_instructions"].value() or ""))}
    return no_store(render(request, "conversations/preferences.html", context, status=422 if form.is_bound else 200))


def _settled(request: ActorRequest, conversation: Conversation) -> HttpResponse:
    """The header's marks as they are now (js/marks.js); a page that is elsewhere hears of them over its socket."""
    if not request.htmx:
        return redirect("conversations:detail", conversation_id=conversation.id)
    return with_revision(render(request, "conversations/_marks.html", {"conversation": conversation}), conversation.revision)


def _system_prompt_form(request: ActorRequest, conversation_id: UUID, text: str, error: InvalidInput | None = None) -> HttpResponse:
    template = "conversations/_system_prompt.html" if request.htmx else "conversations/system_prompt_page.html"
    context = {
        "address": reverse("conversations:system", args=[conversation_id]),
        "conversation_id": conversation_id,
        "text": text,
        "tokens": count_tokens(text[:COUNTED_CHARACTERS]) if text else 0,
        "limit": MAX_CHARACTERS,
        "error": error,
    }
    response = no_store(render(request, template, context, status=422 if error else 200))
    response["HX-Retarget"], response["HX-Reswap"] = "#dialog", "innerHTML"
    return response
