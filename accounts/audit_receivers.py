"""The edge to the libraries that sign people in: what they report becomes part of the trail."""

from __future__ import annotations

from typing import Any

from allauth.account import signals as account
from allauth.account.models import EmailAddress
from allauth.mfa import signals as mfa
from allauth.socialaccount import signals as social
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import Signal
from django.http import HttpRequest

from accounts.factors import factor_name
from accounts.known_device import known_device
from accounts.models import User
from accounts.selectors.security_events import has_signed_in_before
from accounts.services.record_security_event import record_security_event
from accounts.types import SecurityEventKind as Kind


def connect() -> None:
    """Called from `AppConfig.ready()`."""
    simple = {
        account.user_signed_up: Kind.SIGNED_UP,
        account.password_changed: Kind.PASSWORD_CHANGED,
        account.password_set: Kind.PASSWORD_SET,
        account.password_reset: Kind.PASSWORD_RESET,
    }
    for signal, kind in simple.items():
        _connect(signal, kind, _own)
    _connect(user_logged_in, Kind.SIGNED_IN, _signed_in_here)
    _connect(user_logged_out, Kind.SIGNED_OUT, _own)
    _connect(user_login_failed, Kind.SIGN_IN_FAILED, _failed)
    _connect(account.email_added, Kind.EMAIL_ADDED, _address)
    _connect(account.email_removed, Kind.EMAIL_REMOVED, _address)
    _connect(account.email_confirmed, Kind.EMAIL_CONFIRMED, _address)
    _connect(account.email_changed, Kind.EMAIL_CHANGED, _changed)
    _connect(social.social_account_added, Kind.SIGN_IN_LINKED, _linked)
    _connect(social.social_account_removed, Kind.SIGN_IN_UNLINKED, _linked)
    _connect(mfa.authenticator_added, Kind.FACTOR_ADDED, _factor)
    _connect(mfa.authenticator_removed, Kind.FACTOR_REMOVED, _factor)
    _connect(mfa.authenticator_reset, Kind.FACTOR_RESET, _factor)
    _connect(mfa.authentication_failed, Kind.FACTOR_FAILED, _factor)


def _connect(signal: Signal, kind: Kind, record: Any) -> None:
    def receive(sender: Any, request: HttpRequest | None = None, **given: Any) -> None:
        record(kind, request, **given)

    signal.connect(receive, weak=False, dispatch_uid=f"audit:{kind}")


def _own(kind: Kind, request: HttpRequest | None, user: User | None = None, **_: Any) -> None:
    if user is not None:
        record_security_event(kind, subject_id=user.pk, actor_id=user.pk, request=request)


def _signed_in_here(kind: Kind, request: HttpRequest | None, user: User, **_: Any) -> None:
    """The first sign-in of all comes with the account; after that a browser without our mark is news."""
    known = known_device(request) if request is not None else None
    strange = request is not None and not (known and known.knows(user.email)) and has_signed_in_before(user.pk)
    record_security_event(kind, subject_id=user.pk, actor_id=user.pk, request=request, new_device=strange)


def _failed(kind: Kind, request: HttpRequest | None, credentials: dict[str, Any], **_: Any) -> None:
    """The same work for known and unknown addresses. What was typed is not kept: it may be a password in the wrong field."""
    typed = str(credentials.get("email") or credentials.get("username") or "").strip().lower()
    found = User.objects.filter(email=typed).values_list("pk", flat=True).first()
    record_security_event(kind, subject_id=found, request=request)


def _address(kind: Kind, request: HttpRequest | None, email_address: EmailAddress, user: User | None = None, **_: Any) -> None:
    """A link of confirmation may be opened where nobody is signed in."""
    subject = user.pk if user else email_address.user_id
    record_security_event(kind, subject_id=subject, actor_id=_signed_in(request), request=request, details={"email": email_address.email})


def _changed(
    kind: Kind,
    request: HttpRequest | None,
    user: User,
    to_email_address: EmailAddress,
    from_email_address: EmailAddress | None = None,
    **_: Any,
) -> None:
    if from_email_address == to_email_address:
        return  # it was the primary one before
    details = {"from": from_email_address.email if from_email_address else "", "to": to_email_address.email}
    record_security_event(kind, subject_id=user.pk, actor_id=_signed_in(request), request=request, details=details)


def _linked(kind: Kind, request: HttpRequest | None, sociallogin: Any = None, socialaccount: Any = None, **_: Any) -> None:
    linked = socialaccount or sociallogin.account
    record_security_event(
        kind, subject_id=linked.user_id, actor_id=_signed_in(request), request=request, details={"provider": linked.provider}
    )


def _factor(kind: Kind, request: HttpRequest | None, user: User, authenticator: Any = None, **_: Any) -> None:
    details = {"factor": factor_name(authenticator)} if authenticator else {}
    which = str(authenticator.type) if authenticator else ""
    record_security_event(kind, subject_id=user.pk, actor_id=_signed_in(request), request=request, details=details, factor=which)


def _signed_in(request: HttpRequest | None) -> Any:
    user = getattr(request, "user", None)
    return user.pk if user is not None and user.is_authenticated else None
