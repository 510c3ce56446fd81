"""The usage page's own tables, added up: exact money from `<data value>`, counts as they are read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from html.parser import HTMLParser

TABLES = ("breakdown", "trend-table")
# The columns of the tables: which sums of the ledger each one adds up to.
COLUMNS = {
    "Cost": ("cost",),
    "Calls": ("calls",),
    "Tokens": ("tokens",),
    "Fresh in": ("fresh_input",),
    "Cache read": ("cache_read",),
    "Cache write": ("cache_write_5m", "cache_write_1h"),
    "Out": ("output",),
    "Reasoning": ("reasoning",),
}


@dataclass
class Table:
    """Its cells as text, each line by the headings; `foot` is the line that says what they come to."""

    heads: list[str] = field(default_factory=list)
    lines: list[list[str]] = field(default_factory=list)
    foot: list[str] = field(default_factory=list)

    def column(self, head: str) -> Decimal:
        """The lines of the body added up; a heading that comes twice counts where it stands last."""
        at = len(self.heads) - 1 - self.heads[::-1].index(head)
        return sum((_number(line[at]) for line in self.lines), Decimal(0))

    def said(self, head: str) -> Decimal:
        """What the foot says."""
        return _number(self.foot[len(self.heads) - 1 - self.heads[::-1].index(head)])

    def parts(self) -> Decimal:
        """All cells of the chart's series (between the time and the two sums) added up."""
        return sum((_number(text) for line in self.lines for text in line[1:-2]), Decimal(0))


def read_tables(page: str) -> dict[str, Table]:
    """The tables of a usage page by the class of what they stand in (`TABLES`)."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return reader.tables


def differences(page: str, measure: str, ledger: Mapping[str, Decimal]) -> list[str]:
    """Where the page's tables, with a chart of `measure` (tokens, cost), do not come to the ledger's sums to the last decimal."""
    tables = read_tables(page)
    found = [f"has no {name}" for name in TABLES if not tables.get(name, Table()).lines]
    for name, table in tables.items():
        for head in COLUMNS.keys() & set(table.heads):
            real = sum((ledger[part] for part in COLUMNS[head]), Decimal(0))
            if not table.column(head) == table.said(head) == real:
                found.append(f"{name} adds {head} up to {table.column(head)} and says {table.said(head)}")
    if "trend-table" in tables and tables["trend-table"].parts() != ledger[measure]:
        found.append(f"the series of the chart's table come to {tables['trend-table'].parts()}")
    return found


def _number(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tables: dict[str, Table] = {}
        self._inside = ""  # the class of the place we are in
        self._part = ""  # thead, tbody, tfoot
        self._line: list[str] | None = None
        self._exact = False  # the cell's text is replaced by an exact value

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self._inside = next((name for name in TABLES if name in (given.get("class") or "").split()), self._inside)
        if tag == "table" and self._inside:
            self.tables[self._inside] = Table()
        elif tag in ("thead", "tbody", "tfoot"):
            self._part = tag
        elif tag == "tr":
            self._line = []
        elif tag in ("th", "td") and self._line is not None:
            self._line.append("")
        elif tag == "data" and self._line:
            self._line[-1], self._exact = given["value"] or "", True

    def handle_endtag(self, tag: str) -> None:
        if tag == "data":
            self._exact = False
        elif tag == "table":
            self._inside = ""
        elif tag == "tr" and self._line is not None and self._inside:
            table = self.tables[self._inside]
            if self._part == "thead":
                table.heads = self._line
            elif self._part == "tbody":
                table.lines.append(self._line)
            else:
                table.foot = self._line
            self._line = None

    def handle_data(self, text: str) -> None:
        if self._line and not self._exact:
            self._line[-1] += text.strip()
