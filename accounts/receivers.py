"""What follows from signing in and from a new password."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.signals import password_changed, password_reset, password_set
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import User
from accounts.services.end_sessions import end_sessions
from accounts.sessions import AGENT, SIGNED_IN_AT


@receiver(user_logged_in, dispatch_uid="describe_device")
def describe_device(request: HttpRequest | None, **_: Any) -> None:
    """The list of devices tells browsers apart by what they say of themselves."""
    if request is not None and hasattr(request, "session"):
        request.session[AGENT] = request.META.get("HTTP_USER_AGENT", "")[:300]
        request.session[SIGNED_IN_AT] = timezone.now().isoformat()


@receiver([password_changed, password_set, password_reset], dispatch_uid="end_other_sessions")
def end_other_sessions(request: HttpRequest, user: User, **_: Any) -> None:
    """Whoever knew the former password is out, on every device but this one."""
    end_sessions(user.pk, keep=request.session.session_key)


@receiver(password_reset, dispatch_uid="take_possession")
def take_possession(user: User, **_: Any) -> None:
    """The link in the mail proves the address. What was linked before that may be a trap of whoever typed the address first."""
    address = EmailAddress.objects.filter(user=user, email__iexact=user.email, verified=False).first()
    if address is not None:
        SocialAccount.objects.filter(user=user).delete()
        address.set_verified()
