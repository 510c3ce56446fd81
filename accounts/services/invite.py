"""An operator asks somebody in."""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from accounts.models import Invitation

GOOD_FOR = timedelta(days=14)


def invite(invitation: Invitation) -> None:
    """Give the invitation its link, store it and send it. Again for the same one: a new link, the former stops working."""
    invitation.email = invitation.email.strip().lower()
    invitation.token = secrets.token_urlsafe(24)
    invitation.expires_at = timezone.now() + GOOD_FOR
    invitation.save()
    link = f"{settings.BASE_URL}{reverse('invitation', args=[invitation.token])}"
    context = {"site_name": settings.SITE_NAME, "base_url": settings.BASE_URL, "link": link, "days": GOOD_FOR.days}
    body, html = (render_to_string(f"account/email/invitation_message.{kind}", context) for kind in ("txt", "html"))
    message = EmailMultiAlternatives(f"You are invited to {settings.SITE_NAME}", body.strip(), to=[invitation.email])
    message.attach_alternative(html, "text/html")
    message.send()


def accept_invitation(email: str) -> None:
    """The account is made: no link for this address works any more, and the address stands with the account alone."""
    Invitation.objects.filter(email=email.lower()).delete()
