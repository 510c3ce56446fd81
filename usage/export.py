"""The ledger as a table for spreadsheets. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import UTC

from usage.models import LedgerEntry

COLUMNS = (
    "called_at",
    "provider",
    "model",
    "purpose",
    "source",
    "fresh_input",
    "cache_read",
    "cache_write_5m",
    "cache_write_1h",
    "output",
    "reasoning",
    "tokens",
    "cost_usd",
    "confidence",
)
# A cell that begins with one of these is run as a formula by spreadsheet programs (OWASP, "CSV Injection", read 2026-11).
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def header() -> str:
    return _lines([COLUMNS])


def rows(entries: Iterable[LedgerEntry]) -> str:
    """One line an entry; times in UTC (ISO 8601), cost in USD with all its decimals, formulas defused with an apostrophe."""
    return _lines(
        (
            entry.called_at.astimezone(UTC).isoformat(timespec="milliseconds"),
            _defused(entry.provider),
            _defused(entry.model),
            _defused(entry.purpose),
            _defused(entry.source),
            str(entry.fresh_input),
            str(entry.cache_read),
            str(entry.cache_write_5m),
            str(entry.cache_write_1h),
            str(entry.output),
            str(entry.reasoning),
            str(entry.tokens),
            f"{entry.cost:f}",
            entry.confidence,
        )
        for entry in entries
    )


def _defused(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def _lines(table: Iterable[Sequence[str]]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerows(table)
    return buffer.getvalue()
