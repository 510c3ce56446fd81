"""Sharing a conversation, one's links, and the page that anybody with a link may read."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django.contrib import messages as notices
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from conversations.exceptions import ShareNotFound
from conversations.forms import new_client_key, read_uuid
from conversations.reading_types import ShareItem
from conversations.selectors.reading import open_reading, reading_messages
from conversations.selectors.shares import find_shared, list_shares, read_shared, share_item, working_shares_of
from conversations.services.continue_share import continue_share
from conversations.services.revoke_share import restore_share, revoke_share
from conversations.services.share_conversation import share_conversation, update_share
from conversations.share_form import ShareForm
from conversations.share_views import count_view
from conversations.views.requests import ActorRequest, no_store, signed_in
from core.exceptions import DomainError, InvalidInput, NotFound

PREVIEWED = 6


@require_http_methods(["GET", "POST"])
@signed_in
def share(request: ActorRequest, conversation_id: UUID) -> HttpResponse:
    """`/c/<uuid>/share/`: what a link would show, and the links there are; POST makes one. A dialog when HTMX asks."""
    if request.method == "GET":
        return _share_page(request, conversation_id)
    reading = open_reading(request.actor, conversation_id)
    form = _form(request, reading.system_prompt, posted=True)
    if not form.is_valid():
        return _share_page(request, conversation_id, form=form, status=422)
    try:
        made = share_conversation(request.actor, conversation_id, form.options(), read_uuid(request, "client_key") or new_client_key())
    except DomainError as error:
        if isinstance(error, NotFound):
            raise
        return _share_page(request, conversation_id, form=form, error=error, status=error.http_status)
    if request.htmx:
        return _share_page(request, conversation_id, made=share_item(made))
    return redirect(f"{reverse('conversations:share', args=[conversation_id])}?made={made.id}")


@require_safe
def shared(request: HttpRequest, token: str) -> HttpResponse:
    """`/s/<token>/`: for anybody. The same for every reader; not stored anywhere, because it may be revoked at any time."""
    number = request.GET.get("page", "1")
    found = find_shared(token)
    page = read_shared(found, int(number) if number.isascii() and number.isdigit() and len(number) < 6 else 0)
    if page.number == 1 and request.method == "GET":
        count_view(found.id)
    response = render(request, "conversations/shared.html", {"page": page, "token": token})
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = "private, no-store"
    return response


@require_http_methods(["GET", "POST"])
@signed_in
def copy(request: ActorRequest, token: str) -> HttpResponse:
    """`/s/<token>/copy/`: go on with it in a conversation of one's own. A page of its own with the form, because a page
    without a referrer posts with `Origin: null`, which is what foreign pages look like."""
    if request.method == "POST":
        made = continue_share(request.actor, token, read_uuid(request, "client_key") or new_client_key())
        address = reverse("conversations:detail", args=[made])
        if request.htmx:
            return no_store(HttpResponse(status=204, headers={"HX-Redirect": address}))
        return redirect(address)
    context = {"page": read_shared(find_shared(token)), "token": token, "client_key": new_client_key()}
    response = no_store(render(request, "conversations/copy_shared.html", context))
    response["X-Robots-Tag"] = "noindex"
    return response


@require_GET
@signed_in
def links(request: ActorRequest) -> HttpResponse:
    """`/settings/shared-links/`: all of one's links, latest first."""
    try:
        before = UUID(request.GET["before"]) if "before" in request.GET else None
    except ValueError as error:
        raise InvalidInput("This list position is not valid. Reload the page.", code="bad_cursor") from error
    return no_store(render(request, "conversations/shared_links.html", {"page": list_shares(request.actor, before)}))


@require_POST
@signed_in
def revoke(request: ActorRequest, share_id: UUID) -> HttpResponse:
    return _changed(request, revoke_share(request.actor, share_id))


@require_POST
@signed_in
def restore(request: ActorRequest, share_id: UUID) -> HttpResponse:
    return _changed(request, restore_share(request.actor, share_id))


@require_POST
@signed_in
def update(request: ActorRequest, share_id: UUID) -> HttpResponse:
    """A new snapshot under the same address."""
    try:
        item = share_item(update_share(request.actor, share_id))
    except ShareNotFound:
        raise
    except DomainError as error:
        if request.htmx:
            raise
        notices.error(request, error.message)
        return redirect("shares:links")
    return _changed(request, item, updated=True)


def _changed(request: ActorRequest, item: ShareItem, *, updated: bool = False) -> HttpResponse:
    """The row as it is now; without HTMX the list with it, at what can be done next, where HTMX also leads the focus."""
    if request.htmx:
        return no_store(render(request, "conversations/_share_row.html", {"item": item, "changed": True, "updated": updated}))
    if updated:
        notices.success(request, f"The link to “{item.title}” shows what the conversation shows now.")
    part = "update" if updated else {"active": "revoke", "revoked": "undo"}.get(item.state, "share")
    return redirect(f"{reverse('shares:links')}#{part}-{item.id}")


def _form(request: ActorRequest, system_prompt: str, *, posted: bool = False) -> ShareForm:
    own_name = str(getattr(request.user, "name", ""))
    return ShareForm(request.POST if posted else None, own_name=own_name, has_system_prompt=bool(system_prompt))


def _share_page(
    request: ActorRequest,
    conversation_id: UUID,
    *,
    form: ShareForm | None = None,
    made: ShareItem | None = None,
    error: DomainError | None = None,
    status: int = 200,
) -> HttpResponse:
    reading = open_reading(request.actor, conversation_id)
    links = working_shares_of(request.actor, conversation_id)
    made_id = str(made.id) if made else request.GET.get("made", "")
    context = {
        "reading": reading,
        "form": form or _form(request, reading.system_prompt),
        "made": next((item for item in links if str(item.id) == made_id), None),
        "links": [item for item in links if str(item.id) != made_id],
        "error": error,
        "preview": reading_messages(reading.steps[:PREVIEWED]),
        "left": max(0, len(reading.steps) - PREVIEWED),
        "own_name": cast(str, getattr(request.user, "name", "")),
        "client_key": new_client_key(),
    }
    template = "conversations/_share.html" if request.htmx else "conversations/share_page.html"
    return no_store(render(request, template, context, status=status))
