"""Write the mails about limits that come near."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import connection
from django.db.models import QuerySet
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
# Much longer than a mail server may take (`EMAIL_TIMEOUT`) for every owner; then the sender counts as lost.
LEASE = timedelta(minutes=10)
_PARTS = ("warning_subject.txt", "warning.txt", "warning.html")


def mail_warnings(*, now: datetime | None = None) -> int:
    """Send every mail that is due, one to each owner; returns how many went out. Any number of workers at once: one sends a warning.

    Nobody gets the same warning twice: whom it goes to is noted before it is handed over, and taken back where that fails. What failed is
    tried again later, for those alone who do not have it. When a sender was lost, another goes on after its lease with those who are not
    noted. What is no longer true (the period is over, the plan was raised) is not sent, nor what no owner wants
    (`notifications.selectors`); the notice on the page is another matter.
    """
    sent = 0
    while (warning := _claim(now or timezone.now())) is not None:
        sent += _send(warning, now or timezone.now())
    return sent


def _claim(now: datetime) -> LimitWarning | None:
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [now + LEASE, MailState.WAITING.value, now])
        row = cursor.fetchone()
    return LimitWarning.objects.select_related("period").get(id=row[0]) if row else None


def _send(warning: LimitWarning, now: datetime) -> int:
    balance = get_balance(warning.period.workspace_id, now=now)
    people = _who_wants_it(warning)
    if balance.period_start != warning.period.starts_at or balance.percent_used < warning.level or not people:
        _become(warning, MailState.NEEDLESS)
        return 0
    context = {"level": warning.level, "balance": balance, "site_name": settings.SITE_NAME, "base_url": settings.BASE_URL}
    reached, failure = 0, None
    for person in people:
        if not _note(warning, person):
            continue
        try:
            reached += _message(warning, person, context).send()
        except Exception as error:  # a template, the network, the server, a provider's library: all wait and are seen
            failure = error
            _take_back(warning, person)
    if failure is None:
        _become(warning, MailState.SENT)
    else:
        _try_again(warning, now, failure)
    return reached


def _who_wants_it(warning: LimitWarning) -> list[Person]:
    owners = owners_of(warning.period.workspace_id)
    wanting = who_wants([person.id for person in owners], Topic.USAGE)
    return [person for person in owners if person.id in wanting]


def _note(warning: LimitWarning, person: Person) -> bool:
    """Whether this sender is the one who writes to this person."""
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, [person.id, warning.id, MailState.WAITING.value, warning.tries, person.id])
        return bool(cursor.rowcount)


def _take_back(warning: LimitWarning, person: Person) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_TAKE_BACK, [person.id, warning.id])


def _message(warning: LimitWarning, person: Person, context: Mapping[str, object]) -> EmailMultiAlternatives:
    """One mail for each of them: the link that stops these mails is theirs alone.

    A mail server that takes it and is lost before saying so gets it again, under the same Message-ID.
    """
    stop = stop_words(person.id, Topic.USAGE)
    filled = {**context, **stop}
    subject, text, html = (render_to_string(f"usage/mail/{name}", filled) for name in _PARTS)
    headers = {"Message-ID": f"<{warning.id}.{person.id}@{urlsplit(settings.BASE_URL).hostname}>", **stop_headers(stop)}
    mail = EmailMultiAlternatives(" ".join(subject.split()), text, to=[person.email], headers=headers)
    mail.attach_alternative(html, "text/html")
    return mail


def _try_again(warning: LimitWarning, now: datetime, error: Exception) -> None:
    facts = {"warning": str(warning.id), "tries": warning.tries, "cause": type(error).__name__}
    if warning.tries > len(PAUSES):
        logger.error("A warning was given up", extra=facts)
        _become(warning, MailState.FAILED)
    else:
        logger.warning("A warning could not be mailed", extra=facts)
        _mine(warning).update(next_try_at=now + timedelta(minutes=PAUSES[warning.tries - 1]))


def _become(warning: LimitWarning, state: MailState) -> None:
    """It is over: who has it need not be known any more."""
    _mine(warning).update(mail=state, written_to=[])


def _mine(warning: LimitWarning) -> QuerySet[LimitWarning]:
    """Nothing, where the lease is over and somebody else is at it."""
    return LimitWarning.objects.filter(id=warning.id, mail=MailState.WAITING, tries=warning.tries)


_CLAIM = """
UPDATE usage_limitwarning SET tries = tries + 1, next_try_at = %s
WHERE id = (SELECT id FROM usage_limitwarning WHERE mail = %s AND next_try_at <= %s ORDER BY next_try_at LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING id
"""
_NOTE = """
UPDATE usage_limitwarning SET written_to = array_append(written_to, %s)
WHERE id = %s AND mail = %s AND tries = %s AND NOT %s = ANY(written_to)
"""
_TAKE_BACK = "UPDATE usage_limitwarning SET written_to = array_remove(written_to, %s) WHERE id = %s"
