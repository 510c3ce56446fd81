"""Reading sums: from the rollups, from entries that wait to be added to them, and from entries at the ends of a range.

Each statement sees one moment of the database, and in every moment rollups and pending entries together are the ledger:
what is read is exact and includes the call that was settled last.
"""
# ruff: noqa: S608 - every name in these statements is from `rollup_sql`

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from usage.figures import Figures, KindFigures, ShareFigures
from usage.ladder import Rung, rungs
from usage.rollup_sql import OF_ENTRY, PERSON_DAY, ROLLUP, SUBJECT_DAY, SUMS, Target
from usage.types import Confidence, Purpose

_WHAT = ("provider", "model", "purpose", "confidence")


@contextmanager
def one_moment() -> Iterator[None]:
    """All statements inside see the same moment of the database. Within a transaction of the caller's: what that one sees."""
    if connection.in_atomic_block:
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def read_kinds(workspace_id: UUID, steps: Sequence[Rung]) -> list[KindFigures]:
    """The sums of each part of the ladder by provider, model, purpose and confidence. One statement."""
    return [
        KindFigures(row[0], row[1], row[2], Purpose(row[3]), Confidence(row[4]), _figures(row[5:]))
        for row in _read(ROLLUP, _WHAT, workspace_id, steps)
    ]


def read_subjects(workspace_id: UUID, starts_at: datetime, ends_at: datetime, most: int) -> list[ShareFigures]:
    """The conversations that cost most, the dearest first; None for calls outside of any. One statement.

    There may be tens of thousands: all of them are ranked by their cost alone, and only those that are shown are added up in full.
    """
    return _shares(SUBJECT_DAY, "subject", workspace_id, starts_at, ends_at, most, ranked=True)


def read_people(workspace_id: UUID, starts_at: datetime, ends_at: datetime, most: int) -> list[ShareFigures]:
    """The people who spent most, the biggest first; None for those who were erased. One statement."""
    return _shares(PERSON_DAY, "user_id", workspace_id, starts_at, ends_at, most)


def _shares(
    target: Target, name: str, workspace_id: UUID, starts_at: datetime, ends_at: datetime, most: int, *, ranked: bool = False
) -> list[ShareFigures]:
    steps = rungs((starts_at, ends_at), target.grains)
    order = f"ORDER BY {name} IS NULL, cost DESC, tokens DESC, {name} LIMIT {most:d}"
    rows = _read(target, (name,), workspace_id, steps, order, ranked=ranked)
    return [ShareFigures(row[1] or None, _figures(row[2:])) for row in rows]


def _read(
    target: Target, what: tuple[str, ...], workspace_id: UUID, steps: Sequence[Rung], order: str = "", *, ranked: bool = False
) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(
            _statement(target, what, order, ranked=ranked),
            {
                "workspace": workspace_id,
                "parts": [step.part for step in steps],
                "grains": [step.grain and step.grain.value for step in steps],
                "starts": [step.starts_at for step in steps],
                "ends": [step.ends_at for step in steps],
            },
        )
        rows: list[Any] = cursor.fetchall()
    return rows


def _statement(target: Target, what: tuple[str, ...], order: str, *, ranked: bool) -> str:
    """Sums of each part by `what`, in this order. `ranked`: the best in this order are found first, by the sums it names."""
    rung = """
    WITH rung AS (
        SELECT * FROM unnest(%(parts)s::int[], %(grains)s::int[], %(starts)s::timestamptz[], %(ends)s::timestamptz[])
            AS rung (part, grain, starts_at, ends_at)
    ), pending AS MATERIALIZED (
        SELECT entry.* FROM usage_pendingentry waiting JOIN usage_ledgerentry entry ON entry.id = waiting.entry_id
        WHERE waiting.workspace_id = %(workspace)s
    )"""
    by = ("part", *what)
    if not ranked:
        return f"{rung} {_summed(target, what, SUMS, by)} {order}"
    names = ", ".join(what)
    best = f"best AS MATERIALIZED (SELECT {names} FROM ({_summed(target, what, ('cost', 'tokens'), what)}) every {order})"
    only = f"AND ({names}) IN (SELECT {names} FROM best)"
    return f"{rung}, {best} {_summed(target, what, SUMS, by, only)} {order}"


def _summed(target: Target, what: tuple[str, ...], names: tuple[str, ...], by: tuple[str, ...], only: str = "") -> str:
    """Each rung is looked up by itself (LATERAL, and OFFSET 0 keeps it so): a join would be planned as a scan of everything."""
    columns = ", ".join((*what, *names))
    entries = ", ".join((*(f"entry.{name}" for name in what), *(f"{OF_ENTRY[name]} AS {name}" for name in names)))
    grain = "AND grain = rung.grain" if len(target.grains) > 1 else ""
    return f"""
    SELECT {", ".join(by)}, {", ".join(f"sum({name}) AS {name}" for name in names)} FROM (
        SELECT rung.part, known.* FROM rung CROSS JOIN LATERAL (
            SELECT {columns} FROM {target.table}
            WHERE workspace_id = %(workspace)s {grain} AND {target.slot} >= rung.starts_at AND {target.slot} < rung.ends_at {only} OFFSET 0
        ) known WHERE rung.grain IS NOT NULL
        UNION ALL
        SELECT rung.part, late.* FROM rung CROSS JOIN LATERAL (
            SELECT {entries} FROM pending entry WHERE called_at >= rung.starts_at AND called_at < rung.ends_at {only} OFFSET 0
        ) late WHERE rung.grain IS NOT NULL
        UNION ALL
        SELECT rung.part, entries.* FROM rung CROSS JOIN LATERAL (
            SELECT {entries} FROM usage_ledgerentry entry
            WHERE workspace_id = %(workspace)s AND called_at >= rung.starts_at AND called_at < rung.ends_at {only} OFFSET 0
        ) entries WHERE rung.grain IS NULL
    ) read GROUP BY {", ".join(by)}"""


def _figures(sums: Sequence[Any]) -> Figures:
    """The sums in the order of `SUMS`; those of whole numbers come as decimals."""
    *counts, cost, saved = sums
    return Figures._make([*map(int, counts), cost, saved])
