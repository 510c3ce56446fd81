"""Somebody with a large ledger for the usage benchmark: `python -m bench.kit.usage_seed ROWS ZONE`."""

from __future__ import annotations

import sys
import time
from datetime import timedelta

import django
import orjson

from bench.kit.people import make_person


def main() -> None:
    django.setup()
    from django.db import connection
    from django.utils import timezone

    from accounts.models import User
    from bench.kit.ledger import fill_ledger
    from usage.models import PendingEntry
    from usage.services import roll_up

    rows, zone = int(sys.argv[1]), sys.argv[2]
    person = make_person("million@example.org")
    user = User.objects.get(id=person["user"])
    User.objects.filter(id=user.id).update(time_zone=zone)
    now = timezone.now()
    fill_ledger(user.personal_workspace.id, rows, now - timedelta(days=60), now, user_id=user.id, conversations=max(rows // 50, 1))
    began = time.monotonic()
    while PendingEntry.objects.exists():
        if not roll_up():
            time.sleep(0.2)  # the worker is at it
    seconds = time.monotonic() - began
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE usage_rollup, usage_subjectday, usage_personday, usage_pendingentry, usage_ledgerentry")
    days = {"today": f"{now + timedelta(days=1):%Y-%m-%d}", "year_ago": f"{now - timedelta(days=364):%Y-%m-%d}"}
    print(orjson.dumps({**person, "rows": rows, "rollups_a_second": round(rows / seconds), "days": days}).decode())


if __name__ == "__main__":
    main()
