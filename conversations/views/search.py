"""Search: a page that works by itself, and the results alone for what is typed into it."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from conversations.search.results import SearchResults
from conversations.search_form import DAYS, FIRST_DAY, LAST_DAY, PLACES, ROLES, read_filters
from conversations.selectors.around import messages_around
from conversations.selectors.conversations import list_conversations
from conversations.selectors.search import search
from conversations.views.requests import ActorRequest, no_store, place_of, signed_in
from core.exceptions import InvalidInput
from providers.selectors.catalogue import list_models

CHOSEN = ("q", "role", "model", "days", "from", "to", "where", "chat")


@require_GET
@signed_in
def search_page(request: ActorRequest) -> HttpResponse:
    """`/search/?q=`: hits in titles and messages. What an address has that is no filter is passed over; a day that is none is said."""
    typed = request.GET.get("q", "")[:400]
    number = request.GET.get("page", "")
    page = int(number) if number.isascii() and number.isdigit() and len(number) < 4 else 1
    actor, results, wrong = request.actor, SearchResults(), ""  # asking for the actor makes their time zone the current one
    try:
        filters = read_filters(request.GET.dict(), timezone.get_current_timezone(), timezone.now())
        results = search(actor, typed, filters, page=page)
    except InvalidInput as error:
        wrong = error.message
    chosen = {name: request.GET[name] for name in CHOSEN if request.GET.get(name)}
    context = {
        "typed": typed,
        "results": results,
        "wrong": wrong,
        "page": page,
        "chosen": chosen,
        "next": urlencode({**chosen, "page": page + 1}),
        "previous": urlencode({**chosen, "page": page - 1}),
        "without_chat": urlencode({name: value for name, value in chosen.items() if name != "chat"}),
        "filtered": bool(chosen.keys() - {"q"}),
        "days": DAYS,
        "roles": ROLES,
        "places": PLACES,
        "first_day": FIRST_DAY,
        "last_day": LAST_DAY,
    }
    if request.htmx:
        recent = () if typed.strip() or wrong else list_conversations(actor).items[:8]
        return no_store(render(request, "search/_results.html", {**context, "recent": recent}))
    return no_store(render(request, "search/page.html", {**context, "models": list_models()}))


@require_GET
@signed_in
def around(request: ActorRequest, conversation_id: UUID, message_id: UUID) -> HttpResponse:
    """A message on a branch that is not shown, with what is around it and the offer to switch; any other stands in the conversation."""
    place = messages_around(request.actor, conversation_id, message_id)
    if place.shown:
        return redirect(place_of(conversation_id, message_id))
    context = {"place": place, "found": message_id, "messages": place.messages}
    return no_store(render(request, "search/around.html", context))
