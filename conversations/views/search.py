"""Search: a page that works by itself, and the results alone for what is typed into it."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from conversations.search.results import SearchFilters
from conversations.selectors.around import messages_around
from conversations.selectors.conversations import list_conversations
from conversations.selectors.search import search
from conversations.views.requests import ActorRequest, no_store, signed_in
from providers.selectors.catalogue import list_models

DAYS = {"7": "Last 7 days", "30": "Last 30 days", "365": "Last year"}
ROLES = {"user": "What I said", "assistant": "Answers"}
PLACES = {"pinned": "Pinned", "archived": "Archived", "all": "Everywhere"}


@require_GET
@signed_in
def search_page(request: ActorRequest) -> HttpResponse:
    """`/search/?q=`: hits in titles and messages. What an address has that is no filter is passed over."""
    typed = request.GET.get("q", "")[:400]
    number = request.GET.get("page", "")
    page = int(number) if number.isascii() and number.isdigit() and len(number) < 4 else 1
    results = search(request.actor, typed, _filters(request), page=page)
    chosen = {name: request.GET[name] for name in ("q", "role", "model", "days", "where", "chat") if request.GET.get(name)}
    context = {
        "typed": typed,
        "results": results,
        "page": page,
        "chosen": chosen,
        "next": urlencode({**chosen, "page": page + 1}),
        "previous": urlencode({**chosen, "page": page - 1}),
        "without_chat": urlencode({name: value for name, value in chosen.items() if name != "chat"}),
        "base": urlencode(chosen),
        "days": DAYS,
        "roles": ROLES,
        "places": PLACES,
    }
    if request.htmx:
        recent = () if typed.strip() else list_conversations(request.actor).items[:8]
        return no_store(render(request, "search/_results.html", {**context, "recent": recent}))
    return no_store(render(request, "search/page.html", {**context, "models": list_models()}))


@require_GET
@signed_in
def around(request: ActorRequest, conversation_id: UUID, message_id: UUID) -> HttpResponse:
    """A hit where it stands: in the conversation when it is among its latest messages, else on a page with what is around it."""
    place = messages_around(request.actor, conversation_id, message_id)
    if place.latest:
        return redirect(f"{reverse('conversations:detail', args=[conversation_id])}#m-{message_id}")
    context = {"place": place, "found": message_id, "messages": place.messages}
    return no_store(render(request, "search/around.html", context))


def _filters(request: HttpRequest) -> SearchFilters:
    given = request.GET
    days = given.get("days", "")
    try:
        chat = UUID(given.get("chat", ""))
    except ValueError:
        chat = None
    return SearchFilters(
        role=given["role"] if given.get("role") in ROLES else "",
        model_key=given.get("model", "").replace("\x00", "")[:160],
        since=timezone.now() - timedelta(days=int(days)) if days in DAYS else None,
        where=given["where"] if given.get("where") in PLACES else "",
        conversation_id=chat,
    )
