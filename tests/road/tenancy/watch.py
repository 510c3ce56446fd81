"""Whether anything changed: sums over every row of every table, in one statement."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from accounts.models import DeviceSession
from accounts.types import Actor
from tests.road.tenancy.belongings import BELONGINGS, every_model, owned_models


def fingerprint() -> dict[str, str]:
    """Of each table the number of its rows and the sum of their hashes."""
    tables = sorted({model._meta.db_table for model in every_model()})
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(_sum(table) for table in tables))
        return dict(cursor.fetchall())


def fingerprint_of(owner: Actor) -> dict[str, int]:
    """Of the owner's rows alone, for what others do may change theirs: by the person, and by the workspace what has no person."""
    found = {}
    for model in owned_models():
        belongs = BELONGINGS[model._meta.label]
        own = {belongs.person: owner.user_id} if belongs.person else {belongs.workspace: owner.workspace_id}
        found[model._meta.label] = hash(tuple(sorted(map(repr, model._base_manager.filter(**own).values_list()))))
    return found


class Watch:
    """Says which tables have changed since it was asked last."""

    def __init__(self) -> None:
        self.seen = fingerprint()

    def changed(self) -> list[str]:
        before, self.seen = self.seen, fingerprint()
        return [f"{table} changed" for table, rows in self.seen.items() if rows != before[table]]


@contextmanager
def undone() -> Iterator[None]:
    """What happens in here is rolled back, and nothing that waits for its commit happens."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _sum(table: str) -> str:
    name = connection.ops.quote_name(table)
    # Somebody who is not signed in may get a session: it remembers where to go on after the sign-in.
    rows = " WHERE user_id IS NOT NULL" if table == DeviceSession._meta.db_table else ""
    return f"SELECT '{table}', count(*) || ':' || coalesce(sum(hashtextextended(row::text, 0)), 0) FROM {name} row{rows}"
