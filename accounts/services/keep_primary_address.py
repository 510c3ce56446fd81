"""The address that somebody is written to counts as their primary one."""

from __future__ import annotations

from uuid import UUID

from allauth.account.models import EmailAddress
from django.db import transaction

from accounts.models import User


def keep_primary_address(user_id: UUID) -> None:
    """Make the row of `User.email` the primary one where operators left none, or another; mostly there is nothing to do.

    Without it the library would take the next address that is confirmed for the primary one, and tell nobody.
    """
    own = EmailAddress.objects.filter(user=user_id)
    email = User.objects.values_list("email", flat=True).get(pk=user_id)
    if own.filter(email=email, primary=True).exists():
        return
    with transaction.atomic():
        own.filter(primary=True).update(primary=False)
        EmailAddress.objects.update_or_create(user_id=user_id, email=email, defaults={"primary": True})
