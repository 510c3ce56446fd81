"""For `bin/bench exact`: `python -m bench.kit.exact_ledger seed ROWS`, or `sums USER ZONE FIRST LAST`, or `audit`. Prints JSON.

`sums` puts the person into the zone, and adds up the same days twice: from the ledger's rows, and from the rollups of quarters.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import django
import orjson

from bench.kit.people import make_person

# Clocks change on 26 October in Europe, a period ends with October, and prices rise in the middle, on 30 October at noon.
FROM, TO = datetime(2025, 10, 10, tzinfo=UTC), datetime(2025, 11, 20, tzinfo=UTC)


def main() -> None:
    django.setup()
    what, *arguments = sys.argv[1:]
    tasks: dict[str, Callable[..., dict[str, Any]]] = {"seed": _seed, "sums": _sums, "audit": _audit}
    print(orjson.dumps(tasks[what](*arguments)).decode())


def _seed(rows: str) -> dict[str, Any]:
    from accounts.models import User
    from bench.kit.ledger import fill_ledger
    from usage.models import PendingEntry
    from usage.services import roll_up

    person = make_person("exact@example.org")
    user = User.objects.get(id=person["user"])
    fill_ledger(user.personal_workspace.id, int(rows), FROM, TO, user_id=user.id, conversations=max(int(rows) // 50, 1))
    while PendingEntry.objects.exists():
        roll_up()
    return person


def _sums(user_id: str, zone: str, first: str, last: str) -> dict[str, Any]:
    from accounts.models import User
    from usage.rollup_sql import ENTRY_SUMS, SUMS

    User.objects.filter(id=user_id).update(time_zone=zone)
    values: dict[str, Any] = {
        "workspace": User.objects.get(id=user_id).personal_workspace.id,
        "from": _midnight(first, zone),
        "to": _midnight(_next(last), zone),
    }
    ledger = f"SELECT {ENTRY_SUMS} FROM usage_ledgerentry entry WHERE workspace_id = %(workspace)s AND {_within('called_at')}"
    sums = ", ".join(f"sum({name})" for name in SUMS)
    quarters = f"SELECT {sums} FROM usage_rollup WHERE workspace_id = %(workspace)s AND grain = 15 AND {_within('starts_at')}"
    prices = f"SELECT count(DISTINCT (model, price_input)), count(DISTINCT period_id) FROM usage_ledgerentry WHERE {_within('called_at')}"
    (prices_seen, periods) = _row(prices, values)
    return {
        "ledger": dict(zip(SUMS, map(str, _row(ledger, values)), strict=True)),
        "rollups": dict(zip(SUMS, map(str, _row(quarters, values)), strict=True)),
        "prices": prices_seen,
        "periods": periods,
        "hours": (values["to"] - values["from"]).total_seconds() / 3600,
    }


def _audit() -> dict[str, Any]:
    from usage.services import audit, audit_rollups

    return {"drift": [str(found) for found in (*audit(), *audit_rollups())]}


def _row(statement: str, values: dict[str, Any]) -> tuple[Any, ...]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        row: tuple[Any, ...] = cursor.fetchone()
    return row


def _within(column: str) -> str:
    return f"{column} >= %(from)s AND {column} < %(to)s"


def _midnight(day: str, zone: str) -> datetime:
    return datetime.combine(date.fromisoformat(day), time(), ZoneInfo(zone)).astimezone(UTC)


def _next(day: str) -> str:
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat()


if __name__ == "__main__":
    main()
