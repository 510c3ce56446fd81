"""Send the mails that are due."""

from __future__ import annotations

import logging
import random
from datetime import datetime, timedelta
from smtplib import SMTPRecipientsRefused, SMTPResponseException
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.utils import timezone

from accounts.selectors import find_person
from notifications.letters import write_letter
from notifications.links import link_of, stop_of
from notifications.models import Notification
from notifications.stopping import stop_headers
from notifications.types import Kind, Status

logger = logging.getLogger(__name__)

# Minutes until the next try, each up to a quarter longer; after the last one the mail is given up.
PAUSES = (1, 5, 15, 60, 4 * 60, 12 * 60)
# Much longer than a mail server may take (`EMAIL_TIMEOUT`); then the sender counts as lost.
LEASE = timedelta(minutes=5)
_FOR_EVER = 500  # what a mail server answers from here on does not change by asking again (RFC 5321, 4.2.1)


def send_due(*, now: datetime | None = None) -> int:
    """Send every mail that is due; returns how many went out. Any number of workers at once: each mail has one sender.

    A mail that fails waits longer from time to time and is given up after the last try (`failed`, for operators to see). A mail whose
    sender was lost is sent by another when the lease is over: better twice (with the same Message-ID) than never.
    """
    sent = 0
    while (mail := _claim(now or timezone.now())) is not None:
        sent += _send(mail, now or timezone.now())
    return sent


def _claim(now: datetime) -> Notification | None:
    with transaction.atomic():
        due = Notification.objects.select_for_update(skip_locked=True).filter(status__in=(Status.QUEUED, Status.SENDING), due_at__lte=now)
        mail = due.order_by("due_at").first()
        if mail is not None:
            mail.status, mail.due_at, mail.attempts = Status.SENDING, now + LEASE, mail.attempts + 1
            mail.save(update_fields=["status", "due_at", "attempts"])
    return mail


def _send(mail: Notification, now: datetime) -> bool:
    try:
        _message(mail).send()
    except Exception as error:  # a template, the network, the server, a provider's library: all wait and are seen
        _wait_or_give_up(mail, now, error)
        return False
    return _become(mail, Status.SENT, sent_at=now, last_error="")


def _message(mail: Notification) -> EmailMultiAlternatives:
    person = find_person(mail.user_id)
    name, time_zone = (person.name, person.time_zone) if person else ("", "")
    stop = stop_of(mail)
    context = {**mail.context, **link_of(mail), **stop}
    letter = write_letter(Kind(mail.kind), context, name=name, time_zone=time_zone, at=mail.created_at)
    headers = {"Message-ID": f"<{mail.id}@{urlsplit(settings.BASE_URL).hostname}>", "Auto-Submitted": "auto-generated"}
    headers |= stop_headers(stop) if stop else {}
    message = EmailMultiAlternatives(letter.subject, letter.text, to=[mail.address], headers=headers)
    message.attach_alternative(letter.html, "text/html")
    return message


def _wait_or_give_up(mail: Notification, now: datetime, error: Exception) -> None:
    cause, last = _cause(error), mail.attempts > len(PAUSES) or _refused_for_ever(error)
    facts = {"notification": str(mail.id), "kind": mail.kind, "attempts": mail.attempts, "cause": cause}
    if last:
        logger.error("A mail was given up", extra=facts)
        _become(mail, Status.FAILED, last_error=cause)
        return
    logger.warning("A mail could not be sent; it will be tried again", extra=facts)
    minutes = PAUSES[mail.attempts - 1] * random.uniform(1, 1.25)  # noqa: S311 - not a secret
    _become(mail, Status.QUEUED, due_at=now + timedelta(minutes=minutes), last_error=cause)


def _become(mail: Notification, status: Status, **changes: datetime | str) -> bool:
    """Compare-and-swap: a sender whose lease was over moves nothing."""
    mine = Notification.objects.filter(pk=mail.pk, status=Status.SENDING, attempts=mail.attempts)
    return bool(mine.update(status=status, **changes))


def _cause(error: Exception) -> str:
    """Its kind and number only: what mail servers say holds addresses."""
    code = f" {error.smtp_code}" if isinstance(error, SMTPResponseException) else ""
    return f"{type(error).__name__}{code}"


def _refused_for_ever(error: Exception) -> bool:
    return isinstance(error, SMTPRecipientsRefused) and all(code >= _FOR_EVER for code, _ in error.recipients.values())
