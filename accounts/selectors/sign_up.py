"""Who may make an account."""

from __future__ import annotations

from django.conf import settings
from django.utils import timezone

from accounts.models import Invitation

# The session's word for the address of the invitation whose link was opened.
INVITED_AS = "invited_as"


def may_sign_up(email: str) -> bool:
    """Whether the operator's `SIGN_UP` lets this (proved or yet to be proved) address in."""
    email = email.lower()
    match settings.SIGN_UP:
        case "open":
            return True
        case "domains":
            return email.partition("@")[2] in settings.SIGN_UP_DOMAINS
        case "invitation":
            return Invitation.objects.filter(email=email, expires_at__gt=timezone.now()).exists()
    return False


def invitation_for(token: str) -> Invitation | None:
    """The invitation that a link names, while it is good."""
    return Invitation.objects.filter(token=token, expires_at__gt=timezone.now()).first() if token else None
