"""Server-sent events, taken apart as the bytes arrive (WHATWG HTML, section 9.2.6, read November 2026)."""

from __future__ import annotations

import json
from typing import Any

import orjson

_DATA = b"data:"
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
LARGEST_EVENT_BYTES = 8 * 1024 * 1024


class Splitter:
    """Bytes in, the `data` of every complete event out, in order; however the bytes are cut.

    Line ends may be LF, CRLF or CR; several data lines are joined by LF; comments and other fields are dropped (every
    provider repeats the event's name inside its data); an event without data, or without its empty line at the end, is
    no event. Raises `ValueError` when one event grows beyond `LARGEST_EVENT_BYTES`.

    The common case, one whole event in one piece, costs about a microsecond.
    """

    __slots__ = ("_begun", "_parts", "_size", "_skip_line_feed")

    def __init__(self) -> None:
        self._parts: list[bytes] = []  # the beginning of an event that is not complete
        self._size = 0
        self._skip_line_feed = False
        self._begun = False

    def feed(self, chunk: bytes) -> list[bytes]:
        if self._skip_line_feed and chunk:
            self._skip_line_feed = False
            chunk = chunk.removeprefix(b"\n")
        if b"\r" in chunk:
            # A CR at the very end already ends the line; the LF that may follow it belongs to it.
            self._skip_line_feed = chunk.endswith(b"\r")
            chunk = chunk.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        if self._parts:
            if b"\n" not in chunk:
                self._keep(chunk)
                return []
            chunk = b"".join((*self._parts, chunk))
            self._parts.clear()
            self._size = 0
        if not self._begun:
            if len(chunk) < 3 and _BYTE_ORDER_MARK.startswith(chunk):
                self._keep(chunk)
                return []
            self._begun = True
            chunk = chunk.removeprefix(_BYTE_ORDER_MARK)
        *frames, rest = chunk.split(b"\n\n")
        if rest:
            self._keep(rest)
        return [data for frame in frames if (data := _data(frame)) is not None]

    def rest(self) -> bytes:
        """What arrived since the last complete event: nothing, the beginning of an event, or something else altogether."""
        return b"".join(self._parts)

    def _keep(self, part: bytes) -> None:
        self._parts.append(part)
        self._size += len(part)
        if self._size > LARGEST_EVENT_BYTES:
            raise ValueError(f"an event of more than {LARGEST_EVENT_BYTES} bytes")


def _data(frame: bytes) -> bytes | None:
    """The data of one event; None when it has none. Lines before the first data line may be empty (left from the split)."""
    if frame.startswith(b"data: ") and b"\n" not in frame:
        return frame[6:]
    lines = [
        line[5:].removeprefix(b" ") if line != b"data" else b"" for line in frame.split(b"\n") if line.startswith(_DATA) or line == b"data"
    ]
    return b"\n".join(lines) if lines else None


def parse(data: bytes) -> Any:
    """The JSON of an event. Half a surrogate pair, or bytes that are no UTF-8, are no reason to lose an answer.

    Raises `ValueError` for what is not JSON.
    """
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError:
        return json.loads(data.decode("utf-8", "replace"))
