"""The security page: how one signs in, and where one is signed in."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from accounts.selectors.devices import devices_of
from accounts.selectors.factors import factors_of
from accounts.services.end_sessions import end_session, end_sessions
from accounts.services.record_security_event import record_security_event
from accounts.types import SecurityEventKind
from core.sessions import session_mark


@login_required
@require_safe
def security_page(request: HttpRequest) -> HttpResponse:
    """Everything that lets somebody into the account, on one page."""
    user = cast(User, request.user)
    context = {"devices": devices_of(user.pk, request.session.session_key), "factors": factors_of(user.pk)}
    return render(request, "account/security.html", context)


@login_required
@require_POST
def sign_out_device(request: HttpRequest, device_id: UUID) -> HttpResponse:
    """End one session of one's own; for this very browser the same as Sign out."""
    if device_id == session_mark(str(request.session.session_key)):
        logout(request)
        return redirect("landing")
    user_id = cast(User, request.user).pk
    with transaction.atomic():
        end_session(user_id, device_id)
        record_security_event(SecurityEventKind.SESSIONS_ENDED, subject_id=user_id, actor_id=user_id, request=request)
    messages.success(request, "That device is signed out.")
    return redirect("security")


@login_required
@require_POST
def sign_out_others(request: HttpRequest) -> HttpResponse:
    """End all sessions of one's own but this one."""
    user_id = cast(User, request.user).pk
    with transaction.atomic():
        ended = end_sessions(user_id, keep=request.session.session_key)
        if ended:
            record_security_event(SecurityEventKind.SESSIONS_ENDED, subject_id=user_id, actor_id=user_id, request=request)
    messages.success(request, "One other device is signed out." if ended == 1 else f"{ended or 'No'} other devices are signed out.")
    return redirect("security")
