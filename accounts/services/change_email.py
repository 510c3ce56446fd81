"""An operator corrects somebody's address."""

from __future__ import annotations

from uuid import UUID

from allauth.account.models import EmailAddress
from django.db import transaction

from accounts.models import User
from accounts.services.free_address import free_address
from accounts.services.record_security_event import record_security_event
from accounts.types import SecurityEventKind


def change_email(user: User, email: str, *, former: str = "", operator_id: UUID | None = None) -> None:
    """Make `email` the only address that the user signs in with; the former one stops working at once.

    One transaction, with the trail, and by it a mail to `former` (empty for somebody new). Links that take an earlier change back do not
    work from then on. Raises `django.db.IntegrityError` when the address is somebody else's.
    """
    with transaction.atomic():
        user.email = email.strip().lower()
        user.save(update_fields=["email"])
        free_address(user.email)
        EmailAddress.objects.filter(user=user).delete()
        EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=False)
        if former and former != user.email:
            # Without the request: the mail would name the operator's address and browser. Those stand in the event of the form.
            details = {"from": former, "to": user.email}
            record_security_event(SecurityEventKind.EMAIL_CHANGED, subject_id=user.pk, actor_id=operator_id, details=details)
