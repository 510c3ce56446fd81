"""The way back for whoever had an account taken from them: a link that goes to the address it belonged to before."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.core.signing import BadSignature, Signer
from django.urls import reverse

GOOD_FOR = timedelta(days=7)


def email_back_address(event_id: UUID) -> str:
    """The address of the page, without the host. Whether it still leads anywhere stands in the trail (`accounts.selectors.email_back`)."""
    return reverse("take-address-back", args=[_signer().sign(str(event_id))])


def event_of_address(signed: str) -> UUID | None:
    """The security event that a link is about; None when it was not signed here."""
    try:
        return UUID(_signer().unsign(signed))
    except (BadSignature, ValueError):
        return None


def _signer() -> Signer:
    return Signer(salt="accounts.email-back")
