"""An account that somebody else is taking over: what they do, and the mail that its owner gets."""

from __future__ import annotations

import re
from uuid import UUID

from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client

from accounts.models import SecurityEvent, User
from accounts.tests.conftest import confirm
from accounts.types import SecurityEventKind as Kind
from notifications.services import send_due

FORMER, THIEFS = "kim@example.com", "thief@example.org"
SUBJECT = "Your email address was changed"


def browser_of_thief(kim: User) -> Client:
    """Somebody who has Kim's password, is signed in as Kim, and has just proved it again."""
    browser = Client()
    browser.force_login(kim)
    confirm(browser)
    return browser


def change_to(browser: Client, email: str = THIEFS) -> UUID:
    """Through the page; returns the event."""
    browser.post("/accounts/email/", {"action_add": "", "email": email})
    EmailAddress.objects.filter(email=email).update(verified=True)
    assert browser.post("/accounts/email/", {"action_primary": "", "email": email}).status_code == 302
    return SecurityEvent.objects.filter(kind=Kind.EMAIL_CHANGED).latest("id").id


def mailed_link(to: str = FORMER) -> str:
    """The path of the link that was sent there."""
    send_due()
    [message] = [one for one in mail.outbox if one.to == [to] and one.subject == SUBJECT]
    [link] = re.findall(r"https?://[^/\s]+(/accounts/email/back/\S+/)", str(message.body))
    return str(link)


def addresses(user: User) -> list[tuple[str, bool, bool]]:
    return list(EmailAddress.objects.filter(user=user).values_list("email", "primary", "verified"))
