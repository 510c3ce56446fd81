"""Say that a limit comes near, once for each level and period."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import connection

from core.ids import uuid7
from core.jobs import enqueue_on_commit
from usage.news import tell
from usage.types import LEVELS, MailState


def warn(workspace_id: UUID, period_id: UUID, percent: int, now: datetime) -> None:
    """Note every level that is reached and was not before; of several at once the highest is mailed. Publishes `usage`.

    Part of the settlement: under the period's lock, in the caller's transaction. A level is noted once in a period (unique
    key), also when use falls below it and rises again. The mail is written by `mail_warnings`, after the commit.
    """
    reached = [level for level in LEVELS if percent >= level]
    new = _note(period_id, reached, now) if reached else []
    tell(workspace_id, warning=max(new, default=0))
    if new:
        from usage.tasks import mail_warnings

        enqueue_on_commit(mail_warnings)


def _note(period_id: UUID, levels: list[int], now: datetime) -> list[int]:
    highest = max(levels)
    states = [MailState.WAITING.value if level == highest else MailState.NEEDLESS.value for level in levels]
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, [now, period_id, now, [uuid7() for _ in levels], levels, states])
        return [level for (level,) in cursor.fetchall()]


_NOTE = """
INSERT INTO usage_limitwarning (id, created_at, period_id, level, mail, tries, next_try_at)
SELECT new.id, %s, %s, new.level, new.mail, 0, %s FROM unnest(%s::uuid[], %s::int[], %s::text[]) AS new (id, level, mail)
ON CONFLICT (period_id, level) DO NOTHING RETURNING level
"""
