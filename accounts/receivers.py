"""What follows from signing in and from a new password."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.signals import password_changed, password_reset, password_set
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.signals import user_logged_in
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import User
from accounts.services.end_sessions import end_sessions
from accounts.services.record_security_event import record_security_event
from accounts.sessions import AGENT, SIGNED_IN_AT
from accounts.types import SecurityEventKind


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
@transaction.atomic
def take_possession(user: User, request: HttpRequest | None = None, **_: Any) -> None:
    """The link in the mail proves the address. Other ways in from before that may be a trap of whoever typed the address first.

    Linked sign-ins and further addresses go: the one needs no password, the other can have a new one sent. Second steps and passkeys stay,
    for a mailbox alone must not take them away: whose they are not does not get in, and leaves nothing that somebody else could read.
    """
    User.objects.select_for_update().get(pk=user.pk)  # a page of theirs that adds an address meanwhile
    address = EmailAddress.objects.filter(user=user, email=user.email, verified=False).first()
    if address is None:
        return
    for account in SocialAccount.objects.filter(user=user):
        account.delete()
        _gone(SecurityEventKind.SIGN_IN_UNLINKED, user, request, provider=account.provider)
    for other in EmailAddress.objects.filter(user=user).exclude(pk=address.pk):
        other.delete()
        _gone(SecurityEventKind.EMAIL_REMOVED, user, request, email=other.email)
    address.set_verified()


def _gone(kind: SecurityEventKind, user: User, request: HttpRequest | None, **details: str) -> None:
    record_security_event(kind, subject_id=user.pk, actor_id=user.pk, request=request, details=details)
