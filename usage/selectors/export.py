"""The ledger as CSV and JSON. The database writes the text: a million rows cost seconds, and memory for a few thousand.

Times are UTC (ISO 8601), money is USD with all its decimals (in JSON as strings), and the unit prices that applied stand
beside what they made: `cost_usd` of a call is the sum of tokens x price / 1,000,000. See docs/usage-api.md.
"""
# ruff: noqa: S608 - every name in these statements is from this file

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from core.csv_lines import FORMULA_STARTS
from usage.ranges import UsageRange

PAGE = 5_000
_TIME = """to_char(called_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"')"""
_TEXTS = ("provider", "model", "purpose", "source", "conversation")
_COLUMNS = {
    "called_at": _TIME,
    "provider": "provider",
    "model": "model",
    "purpose": "purpose",
    "source": "source",
    "fresh_input": "fresh_input",
    "cache_read": "cache_read",
    "cache_write_5m": "cache_write_5m",
    "cache_write_1h": "cache_write_1h",
    "output": "output",
    "reasoning": "reasoning",
    "tokens": "tokens",
    "cost_usd": "cost",
    "confidence": "confidence",
    "conversation": "CASE WHEN subject LIKE 'conversation:%%' THEN substr(subject, 14) ELSE '' END",
    "price_input": "price_input",
    "price_cache_read": "price_cache_read",
    "price_cache_write_5m": "price_cache_write_5m",
    "price_cache_write_1h": "price_cache_write_1h",
    "price_output": "price_output",
    "id": "id",
}
_MONEY = tuple(name for name in _COLUMNS if name == "cost_usd" or name.startswith("price_"))


@dataclass(frozen=True, slots=True)
class Page:
    """A piece of the export, and the entry that it ends with (None: there was nothing more)."""

    text: bytes
    last: tuple[datetime, UUID] | None


def csv_header() -> bytes:
    return (",".join(_COLUMNS) + "\n").encode()


def csv_page(workspace_id: UUID, chosen: UsageRange, after: tuple[datetime, UUID] | None) -> Page:
    """The next entries of the range, oldest first, as lines of CSV; what a spreadsheet would run begins with an apostrophe."""
    return _page(_CSV, "csv", workspace_id, chosen, after)


def json_page(workspace_id: UUID, chosen: UsageRange, after: tuple[datetime, UUID] | None) -> Page:
    """The next entries of the range, oldest first: one JSON object a line."""
    return _page(_JSON, "text", workspace_id, chosen, after)


def _page(columns: str, form: str, workspace_id: UUID, chosen: UsageRange, after: tuple[datetime, UUID] | None) -> Page:
    values: dict[str, Any] = {
        "workspace": workspace_id,
        "start": chosen.starts_at,
        "end": chosen.ends_at,
        # Before the first entry: no identifier is smaller than this one.
        "after": after[0] if after else chosen.starts_at,
        "after_id": after[1] if after else UUID(int=0),
        "most": PAGE,
    }
    options = "FORMAT csv" if form == "csv" else "FORMAT csv, QUOTE E'\\x01', DELIMITER E'\\x02'"
    with connection.cursor() as cursor:
        # The driver's own: Django's cursor for debugging passes no values on to `copy`.
        statement = f"COPY (SELECT {columns} FROM ({_ENTRIES}) entry ORDER BY called_at, id) TO STDOUT ({options})"
        with cursor.cursor.copy(statement, values) as copy:
            text = b"".join(copy)
        if not text:
            return Page(b"", None)
        last = UUID(text[_ID[form]].decode())
        cursor.execute("SELECT called_at FROM usage_ledgerentry WHERE id = %s", [last])
        return Page(text, (cursor.fetchone()[0], last))


# Where the identifier of the last entry stands: it is the last column. In JSON a quotation mark and a brace follow.
_ID = {"csv": slice(-37, -1), "text": slice(-39, -3)}
# By key, along the index `ledger_by_time`: any page is as fast as the first.
_ENTRIES = """
SELECT * FROM usage_ledgerentry WHERE workspace_id = %(workspace)s AND called_at < %(end)s
    AND (called_at, id) > (%(after)s, %(after_id)s) AND called_at >= %(start)s
ORDER BY called_at, id LIMIT %(most)s
"""


def _defused(expression: str) -> str:
    starts = ", ".join(f"U&'\\{ord(sign):04X}'" for sign in FORMULA_STARTS)
    return f"CASE WHEN left({expression}, 1) IN ({starts}) THEN '''' || ({expression}) ELSE {expression} END"


_CSV = ", ".join(_defused(expression) if name in _TEXTS else expression for name, expression in _COLUMNS.items())
_JSON = "json_build_object({})::text".format(
    ", ".join(f"'{name}', {f'({expression})::text' if name in _MONEY else expression}" for name, expression in _COLUMNS.items())
)
