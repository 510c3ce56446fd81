"""Somebody takes an address that others have only typed."""

from __future__ import annotations

from allauth.account.models import EmailAddress

from accounts.selectors.people import people_at
from accounts.services.record_security_event import record_security_event
from accounts.types import SecurityEventKind


def free_address(email: str) -> None:
    """Take an address that is nobody's (`people_at`) off every account where it waits to be confirmed; they are told.

    Otherwise whoever adds the address of somebody who is not here yet keeps them out. Part of the caller's transaction.
    """
    owners = people_at(email)
    for row in EmailAddress.objects.filter(email=email.strip().lower(), verified=False).exclude(user__in=owners):
        row.delete()
        record_security_event(SecurityEventKind.EMAIL_REMOVED, subject_id=row.user_id, details={"email": row.email})
