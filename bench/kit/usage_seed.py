"""Somebody with a large ledger for the usage benchmark: `python -m bench.kit.usage_seed ROWS DAYS APART ZONE`."""

from __future__ import annotations

import sys
import time
from datetime import timedelta
from zoneinfo import ZoneInfo

import django
import orjson

from bench.kit.people import make_person


def main() -> None:
    django.setup()
    from django.db import connection
    from django.utils import timezone

    from accounts.models import User
    from bench.kit.ledger import fill_ledger
    from usage.models import PendingEntry, SubjectDay
    from usage.services import roll_up

    (rows, days, apart), zone = map(int, sys.argv[1:4]), sys.argv[4]
    span = timedelta(days=days)
    person = make_person("million@example.org")
    user = User.objects.get(id=person["user"])
    User.objects.filter(id=user.id).update(time_zone=zone)
    now = timezone.now()
    conversations = max(rows // 50, 1)
    fill_ledger(user.personal_workspace.id, rows, now - span, now, user_id=user.id, conversations=conversations, apart=apart)
    began = time.monotonic()
    while PendingEntry.objects.exists():
        if not roll_up():
            time.sleep(0.2)  # the worker is at it
    seconds = time.monotonic() - began
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE usage_rollup, usage_subjectday, usage_personday, usage_pendingentry, usage_ledgerentry")
    first, last = (moment.astimezone(ZoneInfo(zone)).date() for moment in (now - span, now))
    made = {"rows": rows, "subject_days": SubjectDay.objects.count(), "rollups_a_second": round(rows / seconds)}
    print(orjson.dumps({**person, **made, "audit_seconds": _audit(), "first": first, "last": last}).decode())


def _audit() -> float:
    """Of counters and rollups, the second time: the ledger is in memory, as far as it fits."""
    from usage.services import audit, audit_rollups

    for _ in range(2):
        began = time.monotonic()
        assert (audit(), audit_rollups()) == ([], [])
    return time.monotonic() - began


if __name__ == "__main__":
    main()
