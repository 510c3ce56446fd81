"""What a mail about a changed address leads to, and the page where addresses are changed."""

from __future__ import annotations

from typing import Any, cast

from allauth.account import views as allauth_views
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.email_back import GOOD_FOR, event_of_address
from accounts.exceptions import AddressTaken
from accounts.models import DeviceSession, User
from accounts.selectors.email_back import change_to_take_back
from accounts.services.keep_primary_address import keep_primary_address
from accounts.services.take_address_back import BEFORE, take_address_back
from core.exceptions import NotFound

DONE = "Your account is yours again. Choose a new password now. Then open the Security page and remove what is not yours."


@login_required
@transaction.atomic
def addresses(request: HttpRequest) -> HttpResponse:
    """allauth's page of addresses. A change and its place in the trail stand together, or neither does.

    One at a time for each person: whose session has ended meanwhile (`take_address_back`) changes nothing any more.
    """
    user = cast(User, request.user)
    if request.method == "POST":
        User.objects.select_for_update().get(pk=user.pk)
        if not DeviceSession.objects.filter(session_key=request.session.session_key).exists():
            return redirect("account_login")
    keep_primary_address(user.pk)
    return cast(HttpResponse, allauth_views.email(request))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def take_back(request: HttpRequest, signed: str) -> HttpResponse:
    """The link in the mail to the former address: a page with one button, for programs that read mail open links too.

    Nobody has to be signed in. Afterwards straight to the choice of a new password: the link came to the address that a link for
    that would go to.
    """
    event_id = event_of_address(signed)
    event = change_to_take_back(event_id) if event_id else None
    if event is None:
        return render(request, "account/email_back.html", {"over": True}, status=404)
    context: dict[str, Any] = {"former": event.details["from"], "since": event.created_at - BEFORE, "until": event.created_at + GOOD_FOR}
    if request.method != "POST":
        return render(request, "account/email_back.html", context)
    try:
        user = take_address_back(event.id, request)
    except AddressTaken as error:
        return render(request, "account/email_back.html", {**context, "error": error}, status=error.http_status)
    except NotFound:
        return render(request, "account/email_back.html", {"over": True}, status=404)
    if request.user.is_authenticated and request.user.pk == user.pk:
        logout(request)  # the session is gone already
    messages.success(request, DONE)
    return redirect(_choose_password(user))


def _choose_password(user: User) -> str:
    """Where the library's own mail for a forgotten password leads; works once, like that."""
    key = {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}
    return reverse("account_reset_password_from_key", kwargs=key)
