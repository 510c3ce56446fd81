"""Every request knows who acts, and in which workspace; a closed account leads to one page."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation

from accounts.exceptions import NoWorkspace
from accounts.languages import known_language
from accounts.models import User
from accounts.selectors.actor import actor_for
from accounts.types import Actor


class ActorMiddleware:
    """Gives requests an attribute `actor`: an `Actor`, or None when nobody is signed in.

    It is looked up when it is first asked for, so a page that does not ask costs no query. With `EmailBackend` it
    comes with the user and costs no query of its own; with any other, one. It is never remembered beyond the request:
    a membership that is gone counts at once (`NoWorkspace`). The person's language and time zone are the current ones from the
    view on, where a session comes along, or else once the actor is asked for; and never beyond the request.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # A property on the request's class, and not a lazy object on the request: `request.actor is None` must be true.
        request_class: Any = type(request)
        request.__class__ = _with_actor(request_class)
        try:
            return self.get_response(request)
        finally:
            timezone.deactivate()
            translation.deactivate()

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            _speak_as_wished(request.user)


@functools.cache
def _with_actor(request_class: Any) -> Any:
    actor = functools.cached_property(_find_actor)
    return type(request_class.__name__, (request_class,), {"actor": actor, "__module__": request_class.__module__})


def _find_actor(request: HttpRequest) -> Actor | None:
    user = request.user
    if not user.is_authenticated:
        return None
    _speak_as_wished(user)
    if not hasattr(user, "actor_workspace_id"):
        return actor_for(user.pk)
    if user.actor_workspace_id is None:
        raise NoWorkspace
    return Actor(user_id=user.pk, workspace_id=user.actor_workspace_id)


def _speak_as_wished(user: User) -> None:
    """Dates and times as the person writes them. What is not known (any more) counts as not chosen."""
    if known_language(user.language):
        translation.activate(user.language)
    if user.time_zone:
        try:
            timezone.activate(ZoneInfo(user.time_zone))
        except (ZoneInfoNotFoundError, ValueError):
            timezone.deactivate()


class ClosedAccountMiddleware:
    """Whoever signs in to an account that waits for its deletion sees when that is, can keep it, and nothing else.

    Costs a query only where a session comes along, and there the view would ask for the same user.
    """

    # What a closed account may still ask for.
    OPEN = ("account-closed", "keep-open", "keep-account", "account_logout", "take-address-back", "stop-mails", "stop-mails-undo")

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or (request.resolver_match and request.resolver_match.url_name in self.OPEN):
            return None
        user = request.user
        if not user.is_authenticated or user.deletion_due_at is None:
            return None
        address = reverse("account-closed")
        if request.headers.get("HX-Request") == "true":
            return HttpResponse(status=204, headers={"HX-Redirect": address})
        return redirect(address)
