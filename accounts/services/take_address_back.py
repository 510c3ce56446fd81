"""Somebody's address was changed, and it was not they who did it."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db import IntegrityError, transaction
from django.http import HttpRequest

from accounts.exceptions import AddressTaken
from accounts.factors import factor_name
from accounts.models import SecurityEvent, User
from accounts.selectors.email_back import change_to_take_back
from accounts.services.close_account import keep_account
from accounts.services.end_sessions import end_sessions
from accounts.services.record_security_event import record_security_event
from accounts.types import SecurityEventKind
from core.exceptions import NotFound

# Who takes an account over first adds a way in of their own, then changes the address.
BEFORE = timedelta(hours=24)


def take_address_back(event_id: UUID, request: HttpRequest | None = None) -> User:
    """Make the address before this change the only one again, and put everybody out; returns whose account it is.

    One transaction, with the trail. Every session and socket ends; no password works until a new one is chosen; second steps, passkeys
    and linked sign-ins from `BEFORE` the change or later are removed; if the account was closed since, it opens again. All else
    stays. Once: of two at the same moment the second finds nothing. Raises `NotFound`, and `AddressTaken`, which uses nothing up.
    """
    try:
        with transaction.atomic():
            user, event = _lock(event_id)
            former, present = str(event.details["from"]), user.email
            _put_back(user, former)
            removed = _remove_ways_in(user, since=event.created_at - BEFORE)
            end_sessions(user.pk)
            details: dict[str, str | int | list[str]] = {"from": present, "to": former, "taken_back": str(event.id)}
            if removed:
                details["removed"] = removed
            record_security_event(SecurityEventKind.EMAIL_CHANGED, subject_id=user.pk, request=request, details=details)
            if _closed_since(user, event):
                keep_account(user.pk, request)
    except IntegrityError as error:  # somebody signed up with it at this very moment
        raise AddressTaken from error
    return user


def _lock(event_id: UUID) -> tuple[User, SecurityEvent]:
    """The trail is read again under the lock. Raises `NotFound`."""
    subject = SecurityEvent.objects.filter(id=event_id).values("subject_id")
    user = User.objects.select_for_update().filter(pk__in=subject, is_active=True).first()
    event = change_to_take_back(event_id)
    if user is None or event is None:
        raise NotFound("This change cannot be taken back any more.")
    return user, event


def _put_back(user: User, email: str) -> None:
    """Whoever came by the link reads the mails of this address: it is proved. Raises `AddressTaken`."""
    others = User.objects.exclude(pk=user.pk)
    if others.filter(email=email).exists() or EmailAddress.objects.filter(email=email, verified=True).exclude(user=user).exists():
        raise AddressTaken
    user.email = email
    user.set_unusable_password()
    user.save(update_fields=["email", "password"])
    EmailAddress.objects.filter(user=user).delete()
    EmailAddress.objects.create(user=user, email=email, primary=True, verified=True)


def _remove_ways_in(user: User, since: datetime) -> list[str]:
    """What was removed, in words."""
    factors = Authenticator.objects.filter(user=user, created_at__gte=since)
    accounts = SocialAccount.objects.filter(user=user, date_joined__gte=since)
    removed = [*(factor_name(factor) for factor in factors), *(str(account.provider) for account in accounts)]
    factors.delete()
    accounts.delete()
    left = Authenticator.objects.filter(user=user)
    if not left.exclude(type=Authenticator.Type.RECOVERY_CODES).exists():
        left.delete()  # codes that stand in for nothing
    return removed


def _closed_since(user: User, event: SecurityEvent) -> bool:
    asked = SecurityEvent.objects.filter(subject_id=user.pk, kind=SecurityEventKind.DELETION_ASKED, id__gt=event.id)
    return user.deletion_due_at is not None and asked.exists()
