"""What the views of this app have in common."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from django.conf import settings
from django.contrib import messages as notices
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.middleware import HtmxDetails

from accounts.types import Actor
from core.exceptions import DomainError, NotFound, RateLimited

P = ParamSpec("P")


class ActorRequest(HttpRequest):
    """A request of somebody who is signed in (`accounts.middleware.ActorMiddleware`, django-htmx)."""

    actor: Actor
    htmx: HtmxDetails


View = Callable[Concatenate[ActorRequest, P], HttpResponseBase]


def signed_in(view: View[P]) -> Callable[..., HttpResponseBase]:
    """The view with an actor. An HTMX request of somebody signed out is told to load the sign-in page whole."""

    @wraps(view)
    def inner(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        return view(cast(ActorRequest, request), *args, **kwargs)

    guarded = login_required(inner)

    @wraps(view)
    def door(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated and request.headers.get("HX-Request") == "true":
            # A redirect would be followed and its page swapped into the log.
            sign_in = f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': current_path(request) or '/c/'})}"
            return HttpResponse(status=401, headers={"HX-Redirect": sign_in})
        return guarded(request, *args, **kwargs)

    return door


def current_path(request: HttpRequest) -> str:
    """The path of the page that asks by HTMX; empty when it does not say, or nothing that makes sense."""
    try:
        return urlsplit(request.headers.get("HX-Current-URL", "")).path
    except ValueError:
        return ""


def composer_refusal(request: ActorRequest, error: DomainError, place: str = "#composer-notice", **more: Any) -> HttpResponse:
    """A refusal for the notice above the composer (or at another `place`); what was typed stays where it is."""
    if isinstance(error, NotFound):
        raise error
    response = render(request, "conversations/_composer_notice.html", {"error": error, **more}, status=error.http_status)
    response["HX-Retarget"] = place
    response["HX-Reswap"] = "innerHTML"
    if isinstance(error, RateLimited):
        response["Retry-After"] = str(max(1, round(error.retry_after)))
    return response


def way_back(request: ActorRequest, otherwise: str) -> str:
    """Where a plain form leads when it is done: to the page of ours that it names (`next`), else to `otherwise`."""
    wanted = request.POST.get("next", "")
    return wanted if wanted and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) else otherwise


def done(request: ActorRequest, otherwise: str, text: str = "", undo: str = "", **fields: str) -> HttpResponse:
    """The answer to something that was done: with HTMX a toast (nothing without `text`), else the next page with a notice.

    `undo` is the address that takes it back, with `fields` posted to it; the events tell the pages about the change itself.
    """
    if request.htmx and not text:
        return no_store(HttpResponse(status=204))
    if request.htmx:
        response = render(request, "conversations/_undo_toast.html", {"text": text, "undo": undo, "fields": fields})
        response["HX-Retarget"], response["HX-Reswap"] = "#toasts", "beforeend"
        return no_store(response)
    if text:
        notices.info(request, text, extra_tags=f"undo:{undo}" if undo and not fields else "")
    return redirect(way_back(request, otherwise))


def refused(request: ActorRequest, error: DomainError, otherwise: str, **more: Any) -> HttpResponse:
    """A refusal above the composer or, without HTMX, as a notice on the page that the form came from."""
    if isinstance(error, NotFound):
        raise error
    if request.htmx:
        return composer_refusal(request, error, **more)
    notices.error(request, error.message)
    return redirect(way_back(request, otherwise))


def place_of(conversation_id: UUID, message_id: UUID) -> str:
    """The address of a message where it stands in its conversation, however far up."""
    return f"{reverse('conversations:detail', args=[conversation_id])}?at={message_id}#m-{message_id}"


def no_store(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response


def with_revision(response: HttpResponse, revision: int, **more: Any) -> HttpResponse:
    """Tell the page which revision this answer stands for (header `X-Revision`)."""
    response["X-Revision"] = str(revision)
    return no_store(response)
