"""What the whole page of a conversation is made of."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render

from conversations import system_prompt
from conversations.forms import new_client_key
from conversations.selectors.conversations import UNTITLED
from conversations.selectors.messages import open_conversation
from conversations.selectors.models import model_choices, selected_model
from conversations.services.write_question import MAX_CHARACTERS
from conversations.types import ConversationView
from conversations.views.lists import sidebar_context
from conversations.views.requests import ActorRequest, no_store
from core.exceptions import DomainError
from providers.selectors.catalogue import known_name


def page_context(request: ActorRequest, conversation: ConversationView | None) -> dict[str, Any]:
    """What `conversations/page.html` and its `_main.html` take; None for a new conversation."""
    choices = model_choices(request.actor)
    selected = selected_model(choices, *wanted_models(request, conversation))
    return {
        "conversation": conversation,
        "title": (conversation.title if conversation else "") or UNTITLED,
        **(sidebar_context(request) if not request.htmx else {}),
        "current_id": str(conversation.id) if conversation else "",
        "models": choices,
        "selected_model": selected,
        "gone_model": known_name(conversation.model_key) if conversation and selected and conversation.model_key != selected.key else "",
        "message_limit": MAX_CHARACTERS,
        "system_prompt_limit": system_prompt.MAX_CHARACTERS,
        "temporary_hours": settings.TEMPORARY_CHAT_HOURS,
        "client_key": new_client_key(),
    }


def page_with_refusal(request: ActorRequest, conversation_id: UUID | None, error: DomainError, **more: Any) -> HttpResponse:
    """Without JavaScript: the page again, with the reason above the composer. `more` is what that and the composer show besides."""
    conversation = open_conversation(request.actor, conversation_id) if conversation_id else None
    context = {**page_context(request, conversation), "error": error, **more}
    return no_store(render(request, "conversations/page.html", context, status=error.http_status))


def wanted_models(request: ActorRequest, conversation: ConversationView | None) -> tuple[str, ...]:
    """The conversation's own, else the one that new conversations start with, else the one used last."""
    usual = tuple(getattr(request.user, name, "") for name in ("default_model_key", "last_model_key"))
    return (conversation.model_key, *usual) if conversation else usual
