"""Bytes -> rows: CSV line by line, JSON page by page. Bounded in bytes and rows; never executed, never guessed."""

from __future__ import annotations

import codecs
import csv
import json
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import IO, Any, NoReturn

from usage.reports.types import Limits, UnreadableReport

Row = dict[str, str]
_CHUNK = 64 * 1024
_LONGEST_LINE = 64 * 1024
_MOST_COLUMNS = 200
_MOST_JSON = 32 * 1024 * 1024  # it is in memory as a whole
_MOST_DIGITS = 40
_DELIMITERS = (",", "\t", ";")


def is_json(head: bytes) -> bool:
    """Whether the file begins as JSON does."""
    return head.removeprefix(codecs.BOM_UTF8).lstrip()[:1] in (b"{", b"[")


def read_csv(file: IO[bytes], limits: Limits) -> Iterator[tuple[int, Row]]:
    """The rows by the names of their columns (lower case, words joined by `_`), each with its line in the file."""
    lines = _lines(file, limits)
    first = next(lines, "")
    delimiter = max(_DELIMITERS, key=first.count)
    reader = csv.reader(_chain(first, lines), delimiter=delimiter, strict=True)
    try:
        header = [_column(name) for name in next(reader, [])]
        if not any(header) or len(header) > _MOST_COLUMNS:
            raise UnreadableReport("The first line does not name columns.", 1)
        if len({name for name in header if name}) != sum(map(bool, header)):
            raise UnreadableReport("Two columns have the same name.", 1)
        for number, cells in enumerate(reader, 1):
            if not any(cell.strip() for cell in cells):
                continue
            if number > limits.rows:
                raise UnreadableReport(f"The report has more than {limits.rows:,} rows. Split it by time.")
            if len(cells) != len(header):
                raise UnreadableReport(f"There are {len(cells)} cells under {len(header)} columns.", reader.line_num)
            yield reader.line_num, dict(zip(header, cells, strict=True))
    except csv.Error as error:
        raise UnreadableReport(f"This is no CSV ({error}).", reader.line_num) from None


def read_json(file: IO[bytes], limits: Limits) -> Iterator[dict[str, Any]]:
    """The objects of the file: one, an array of them, or one a line. Numbers with a point are decimals, to their last digit."""
    most = min(limits.file_bytes, _MOST_JSON)
    whole = _decoded(file.read(most + 1), most)
    try:
        documents: Iterable[Any] = [_loads(whole)]
    except json.JSONDecodeError as error:
        if error.lineno == 1 or not error.msg.startswith("Extra data"):
            raise UnreadableReport(f"This is no JSON (line {error.lineno}: {error.msg}).") from None
        documents = _json_lines(whole, limits)
    for document in documents:
        for item in document if isinstance(document, list) else [document]:
            if not isinstance(item, dict):
                raise UnreadableReport("A page of the report has to be a JSON object.")
            yield item


def objects(value: Any, name: str, row: int = 0) -> list[dict[str, Any]]:
    """A JSON array of objects, or a refusal."""
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise UnreadableReport(f"“{name}” has to be a list of objects.", row)
    return value


class RowCounter:
    """Numbers the results of a JSON report from 1 and refuses too many."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._row = 0

    def next(self) -> int:
        self._row += 1
        if self._row > self._limits.rows:
            raise UnreadableReport(f"The report has more than {self._limits.rows:,} rows. Split it by time.")
        return self._row


def _json_lines(whole: str, limits: Limits) -> Iterator[Any]:
    for number, line in enumerate(whole.splitlines(), 1):
        if line.strip():
            try:
                yield _loads(line)
            except json.JSONDecodeError as error:
                raise UnreadableReport(f"This is no JSON ({error.msg}).", number) from None


def _loads(text: str) -> Any:
    try:
        return json.loads(text, parse_float=Decimal, parse_int=_whole, parse_constant=_no_number)
    except RecursionError:
        raise UnreadableReport("This JSON is nested too deeply.") from None


def _whole(digits: str) -> int:
    if len(digits) > _MOST_DIGITS:
        raise UnreadableReport(f"“{digits[:20]}…” is beyond every count.")
    return int(digits)


def _no_number(name: str) -> NoReturn:
    raise UnreadableReport(f"“{name}” is no number.")


def _decoded(data: bytes, most: int) -> str:
    if len(data) > most:
        _too_large(most)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UnreadableReport("The file is not UTF-8 text.") from None


def _lines(file: IO[bytes], limits: Limits) -> Iterator[str]:
    decode = codecs.getincrementaldecoder("utf-8-sig")().decode
    rest, seen, number, last = "", 0, 0, False
    while not last:
        chunk = file.read(_CHUNK)
        seen, last = seen + len(chunk), not chunk
        if seen > limits.file_bytes:
            _too_large(limits.file_bytes)
        try:
            rest += decode(chunk, last)
        except UnicodeDecodeError:
            raise UnreadableReport("The file is not UTF-8 text.", number + 1) from None
        *whole, rest = rest.splitlines(keepends=True) or [""]
        if rest.endswith("\n") or (last and rest):
            whole, rest = [*whole, rest], ""
        for line in whole:
            number += 1
            if "\0" in line or len(line) > _LONGEST_LINE:
                raise UnreadableReport("This is no line of a report.", number)
            yield line
        if len(rest) > _LONGEST_LINE:
            raise UnreadableReport("This line is too long for a report.", number + 1)


def _chain(first: str, rest: Iterator[str]) -> Iterator[str]:
    if first:
        yield first
    yield from rest


def _column(name: str) -> str:
    return "_".join("".join(sign if sign.isalnum() else " " for sign in name.lower()).split())


def _too_large(most: int) -> NoReturn:
    raise UnreadableReport(f"The file is larger than {most // 1024 // 1024} MB. Split it by time.")
