"""The settings page."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.forms import PreferencesForm
from accounts.models import User
from accounts.services.update_preferences import update_preferences
from core.exceptions import DomainError

THEME_COOKIE_AGE_SECONDS = 365 * 24 * 3600


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def settings_page(request: HttpRequest) -> HttpResponse:
    """Picture, name, theme, language and time zone; the way to everything else about one's account."""
    user = cast(User, request.user)
    form = PreferencesForm(user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        update_preferences(user, **form.cleaned_data)
        messages.success(request, "Your settings are saved.")
        response = redirect("settings")
        # For the pages that know nobody: signed out, and when the database is away.
        response.set_cookie("theme", user.theme, THEME_COOKIE_AGE_SECONDS, samesite="Lax", httponly=True, secure=request.is_secure())
        return response
    return show_settings(request, form)


def show_settings(request: HttpRequest, form: PreferencesForm | None = None, *, picture_error: DomainError | None = None) -> HttpResponse:
    """The page, with what is wrong in one of its forms, and the status that goes with it."""
    form = form or PreferencesForm(cast(User, request.user))
    status = picture_error.http_status if picture_error else 422 if form.is_bound else 200
    return render(request, "account/settings.html", {"form": form, "picture_error": picture_error}, status=status)
