"""Leaving for another account, and what is linked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.socialaccount import views as allauth_views
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.selectors.sign_up import INVITED_AS, invitation_for

View = Callable[..., HttpResponse]


def leaving(view: View, name: str) -> View:
    """The provider's login view, with a page that leads on in place of its redirect.

    Browsers that hold `form-action 'self'` against redirects as well would stay where they are; a provider may in turn
    lead on to any other site, so naming sites does not help.
    """

    def leave(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        response = view(request, **kwargs)
        if response.status_code == 302 and response["Location"].startswith(("https://", "http://")):
            page = render(request, "socialaccount/leaving.html", {"provider_name": name, "url": response["Location"]})
            page["Cache-Control"] = "no-store"
            return page
        return response

    return leave


def linked(request: HttpRequest) -> HttpResponse:
    """Unlink (POST); the list itself stands on the security page."""
    if request.method != "POST":
        return redirect("security")
    response: HttpResponse = allauth_views.connections(request)
    return response


def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """The link of an invitation: remembers it, and leads to the sign-up form."""
    found = invitation_for(token)
    if found is None:
        return render(request, "account/signup_closed.html", {"invitation_over": True}, status=404)
    request.session[INVITED_AS] = found.email
    return redirect("account_signup")
