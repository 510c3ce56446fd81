"""An account whose owner asked for its deletion: closed at once, erased after a time of grace, and kept again until then."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.urls import reverse

_A_DAY_SECONDS = 24 * 3600


def keep_link(user_id: UUID) -> str:
    """The address in the mail that keeps the account, without the host. Good for the time of grace."""
    return reverse("keep-account", args=[_signer().sign(str(user_id))])


def user_of_keep_link(signed: str) -> UUID | None:
    """None when it was not signed here, or is too old."""
    try:
        return UUID(_signer().unsign(signed, max_age=(settings.ACCOUNT_GRACE_DAYS + 1) * _A_DAY_SECONDS))
    except (BadSignature, ValueError):
        return None


def _signer() -> TimestampSigner:
    return TimestampSigner(salt="accounts.keep")
