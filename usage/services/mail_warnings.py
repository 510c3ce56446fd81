"""Write the mails about limits that come near."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import connection
from django.template.loader import render_to_string
from django.utils import timezone

from accounts.selectors import owners_of
from accounts.types import Person
from notifications.selectors import stop_headers, stop_words, who_wants
from notifications.types import Topic
from usage.models import LimitWarning
from usage.selectors.balance import get_balance
from usage.types import MailState

logger = logging.getLogger(__name__)

# Minutes until the next try; after the last one the mail is given up.
PAUSES = (1, 5, 15, 60, 4 * 60, 12 * 60)
_PARTS = ("warning_subject.txt", "warning.txt", "warning.html")


def mail_warnings(*, now: datetime | None = None) -> int:
    """Send every mail that is due; returns how many went out. Any number of workers at once: each mail has one sender.

    A warning counts as mailed before its mail is handed over, and waits again when that fails: a worker that dies in
    between loses a mail, none is ever sent twice. What is no longer true (the period is over, the plan was raised) is not sent, nor what
    no owner wants (`notifications.selectors`); the notice on the page is another matter.
    """
    sent = 0
    while (warning := _claim(now or timezone.now())) is not None:
        sent += _send(warning, now or timezone.now())
    return sent


def _claim(now: datetime) -> LimitWarning | None:
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [MailState.SENT.value, MailState.WAITING.value, now])
        row = cursor.fetchone()
    return LimitWarning.objects.select_related("period").get(id=row[0]) if row else None


def _send(warning: LimitWarning, now: datetime) -> bool:
    balance = get_balance(warning.period.workspace_id, now=now)
    people = _who_wants_it(warning)
    if balance.period_start != warning.period.starts_at or balance.percent_used < warning.level or not people:
        _become(warning, MailState.NEEDLESS)
        return False
    context = {"level": warning.level, "balance": balance, "site_name": settings.SITE_NAME, "base_url": settings.BASE_URL}
    reached, failure = 0, None
    for person in people:
        try:
            reached += _message(person, context).send()
        except (OSError, SMTPException) as error:
            failure = error
    if failure is None:
        return True
    if reached:  # trying again would write to those a second time
        logger.warning("A warning reached some of the owners only", extra={"warning": str(warning.id), "cause": repr(failure)})
        return True
    _try_again(warning, now, failure)
    return False


def _who_wants_it(warning: LimitWarning) -> list[Person]:
    owners = owners_of(warning.period.workspace_id)
    wanting = who_wants([person.id for person in owners], Topic.USAGE)
    return [person for person in owners if person.id in wanting]


def _message(person: Person, context: Mapping[str, object]) -> EmailMultiAlternatives:
    """One mail for each of them: the link that stops these mails is theirs alone."""
    stop = stop_words(person.id, Topic.USAGE)
    filled = {**context, **stop}
    subject, text, html = (render_to_string(f"usage/mail/{name}", filled) for name in _PARTS)
    mail = EmailMultiAlternatives(" ".join(subject.split()), text, to=[person.email], headers=stop_headers(stop))
    mail.attach_alternative(html, "text/html")
    return mail


def _try_again(warning: LimitWarning, now: datetime, error: Exception) -> None:
    last = warning.tries > len(PAUSES)
    logger.warning("A warning could not be mailed", extra={"warning": str(warning.id), "tries": warning.tries, "cause": repr(error)})
    if last:
        _become(warning, MailState.FAILED)
    else:
        _become(warning, MailState.WAITING, next_try_at=now + timedelta(minutes=PAUSES[warning.tries - 1]))


def _become(warning: LimitWarning, state: MailState, **changes: datetime) -> None:
    LimitWarning.objects.filter(id=warning.id, mail=MailState.SENT).update(mail=state, **changes)


_CLAIM = """
UPDATE usage_limitwarning SET mail = %s, tries = tries + 1
WHERE id = (SELECT id FROM usage_limitwarning WHERE mail = %s AND next_try_at <= %s ORDER BY next_try_at LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING id
"""
