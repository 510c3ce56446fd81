"""Write the mails about limits that come near."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import connection
from django.template.loader import render_to_string
from django.utils import timezone

from accounts.selectors import owners_of
from usage.models import LimitWarning
from usage.selectors.balance import get_balance
from usage.types import MailState

logger = logging.getLogger(__name__)

# Minutes until the next try; after the last one the mail is given up.
PAUSES = (1, 5, 15, 60, 4 * 60, 12 * 60)


def mail_warnings(*, now: datetime | None = None) -> int:
    """Send every mail that is due; returns how many went out. Any number of workers at once: each mail has one sender.

    A warning counts as mailed before its mail is handed over, and waits again when that fails: a worker that dies in
    between loses a mail, none is ever sent twice. What is no longer true (the period is over, the plan was raised) is not sent.
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
    people = owners_of(warning.period.workspace_id)
    if balance.period_start != warning.period.starts_at or balance.percent_used < warning.level or not people:
        _become(warning, MailState.NEEDLESS)
        return False
    context = {
        "level": warning.level,
        "balance": balance,
        "site_name": settings.SITE_NAME,
        "base_url": settings.BASE_URL,
    }
    subject = render_to_string("usage/mail/warning_subject.txt", context)
    mail = EmailMultiAlternatives(
        subject=" ".join(subject.split()), body=render_to_string("usage/mail/warning.txt", context), to=[person.email for person in people]
    )
    mail.attach_alternative(render_to_string("usage/mail/warning.html", context), "text/html")
    try:
        mail.send()
    except (OSError, SMTPException) as error:
        _try_again(warning, now, error)
        return False
    return True


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
