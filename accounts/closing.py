"""An account whose owner asked for its deletion: closed at once, erased after a time of grace, and kept again until then."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.core.signing import BadSignature, Signer
from django.urls import reverse


def keep_link(user_id: UUID, due_at: str) -> str:
    """The address in the mail that keeps the account, without the host; `due_at` (ISO 8601) says of which closing, so that an old mail
    undoes no later one."""
    return reverse("keep-account", args=[_signer().sign_object([str(user_id), due_at])])


def closing_of_keep_link(signed: str) -> tuple[UUID, datetime] | None:
    """Whose account, and when it was to be deleted; None when it was not signed here."""
    try:
        user_id, due_at = _signer().unsign_object(signed)
        return UUID(user_id), datetime.fromisoformat(due_at)
    except (BadSignature, ValueError):
        return None


def _signer() -> Signer:
    return Signer(salt="accounts.keep")
