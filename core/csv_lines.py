"""Lines of CSV that are safe to open in a spreadsheet program."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

# A cell that begins with one of these is run as a formula by spreadsheet programs (OWASP, "CSV Injection", read 2026-11).
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def csv_line(cells: Iterable[str]) -> bytes:
    """One line in UTF-8; what a spreadsheet would run begins with an apostrophe."""
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell for cell in cells)
    return line.getvalue().encode()
