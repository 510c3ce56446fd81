"""What the views of this app have in common."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django_htmx.middleware import HtmxDetails

from accounts.types import Actor
from core.exceptions import DomainError, NotFound

P = ParamSpec("P")


class ActorRequest(HttpRequest):
    """A request of somebody who is signed in (`accounts.middleware.ActorMiddleware`, django-htmx)."""

    actor: Actor
    htmx: HtmxDetails


View = Callable[Concatenate[ActorRequest, P], HttpResponse]


def signed_in(view: View[P]) -> Callable[..., HttpResponse]:
    """The view with an actor. An HTMX request of somebody signed out is told to load the sign-in page whole."""

    @wraps(view)
    def inner(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        return view(cast(ActorRequest, request), *args, **kwargs)

    return cast(Callable[..., HttpResponse], login_required(inner))


def composer_refusal(request: ActorRequest, error: DomainError, template: str = "conversations/_composer_notice.html") -> HttpResponse:
    """A refusal for the notice above the composer; what was typed stays where it is."""
    if isinstance(error, NotFound):
        raise error
    response = render(request, template, {"error": error}, status=error.http_status)
    response["HX-Retarget"] = "#composer-notice"
    response["HX-Reswap"] = "innerHTML"
    return response


def no_store(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response


def with_revision(response: HttpResponse, revision: int, **more: Any) -> HttpResponse:
    """Tell the page which revision this answer stands for (header `X-Revision`)."""
    response["X-Revision"] = str(revision)
    return no_store(response)
