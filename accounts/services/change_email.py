"""An operator corrects somebody's address."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.db import transaction

from accounts.models import User


def change_email(user: User, email: str) -> None:
    """Make `email` the only address that the user signs in with; the former one stops working at once.

    One transaction. Raises `django.db.IntegrityError` when the address is somebody else's.
    """
    with transaction.atomic():
        user.email = email.strip().lower()
        user.save(update_fields=["email"])
        EmailAddress.objects.filter(user=user).delete()
        EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=False)
