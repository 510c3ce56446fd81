"""Percentiles and the like."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from statistics import median


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest value that at least `percent` of all values do not exceed; 0 when there is none."""
    if not values:
        return 0.0
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)]


def spread(values: Iterable[float], *percents: int) -> dict[str, float]:
    """`{"p50": ..., "p95": ...}`, rounded to what a reader can use."""
    listed = list(values)
    return {f"p{percent}": round(percentile(listed, percent), 1) for percent in percents}


def middle(values: Sequence[float]) -> float:
    return median(values) if values else 0.0


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Columns for a terminal: the first one to the left, the others to the right."""
    lines = [[str(cell) for cell in row] for row in (header, *rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(header))]
    out = []
    for number, line in enumerate(lines):
        cells = [line[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(line[1:], widths[1:], strict=True))]
        out.append("  ".join(cells).rstrip())
        if number == 0:
            out.append("  ".join("-" * width for width in widths))
    return "\n".join(out)
