"""Say that a limit comes near, once for each level and period."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from operator import itemgetter
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from core.ids import uuid7
from core.jobs import enqueue_on_commit
from usage.news import tell
from usage.types import LEVELS, MailState


class Used(NamedTuple):
    """How far a running period is used, in percent of the tighter limit (`usage.types.percent_of_limits`)."""

    workspace_id: UUID
    period_id: UUID
    percent: int


def warn(workspace_id: UUID, period_id: UUID, percent: int, now: datetime) -> None:
    """Note every level that is reached and was not before; of several at once the highest is mailed. Publishes `usage`.

    Part of whatever changed use or limit: under the period's lock, in the caller's transaction. A level is noted once in a period
    (unique key), also when use falls below it and rises again. The mail is written by `mail_warnings`, after the commit.
    """
    warn_all([Used(workspace_id, period_id, percent)], now)


def warn_all(periods: Sequence[Used], now: datetime) -> None:
    """The same for many periods, in one statement."""
    new = _note(periods, now)
    for used in periods:
        tell(used.workspace_id, warning=new.get(used.period_id, 0))
    if new:
        from usage.tasks import mail_warnings

        enqueue_on_commit(mail_warnings)


def _note(periods: Sequence[Used], now: datetime) -> dict[UUID, int]:
    """The highest level of each period that has new ones."""
    rows = [(used, level) for used in periods for level in LEVELS if used.percent >= level]
    if not rows:
        return {}
    highest = {used.period_id: level for used, level in rows}
    columns = (
        [uuid7() for _ in rows],
        [used.period_id for used, _ in rows],
        [level for _, level in rows],
        [(MailState.WAITING if level == highest[used.period_id] else MailState.NEEDLESS).value for used, level in rows],
    )
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, [now, now, *columns])
        return dict(sorted(cursor.fetchall(), key=itemgetter(1)))


_NOTE = """
INSERT INTO usage_limitwarning (id, created_at, period_id, level, mail, tries, next_try_at)
SELECT new.id, %s, new.period_id, new.level, new.mail, 0, %s
FROM unnest(%s::uuid[], %s::uuid[], %s::int[], %s::text[]) AS new (id, period_id, level, mail)
ON CONFLICT (period_id, level) DO NOTHING RETURNING period_id, level
"""
