"""JSON of any size, cut into its conversations without parsing it: memory is that of one conversation.

Why not an incremental parser: on the same file ijson 3.6 (its C backend) gives 27 MB/s and has no limit for one text or one element,
so that a single conversation of a gigabyte takes several gigabytes of memory. Cutting by brackets is bounded, goes on after a
broken conversation, and costs less than the parsing by orjson that follows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from conversations.archives import reasons
from conversations.archives.limits import LIMITS, Limits

EVERY = range(2**62)
_HEAD = 65_536
_BRACKETS = re.compile(rb"[\[\]{}]")
_TOKENS = re.compile(rb'"[^"]*"|[\[\]{}]')
_START = re.compile(rb"[^\s,]")
_SCALAR_END = re.compile(rb"[,\]}\n]")
_ARRAY_FOLLOWS = re.compile(rb"\s*:\s*\[")
_OPENING = b"[{"
_KEY = b'"conversations"'


class TextBroken(Exception):
    """The text stops making sense: `offset` bytes from its beginning, after `count` whole elements."""

    def __init__(self, offset: int, count: int) -> None:
        super().__init__(f"broken at byte {offset}, after {count} elements")
        self.offset = offset
        self.count = count


class NotJson(Exception):
    """The text begins with neither an array nor an object."""


@dataclass(frozen=True, slots=True)
class Element:
    """One element of the array. `data` is empty when `problem` says why it was not kept, or when it was only counted."""

    data: bytes
    problem: str = ""


def elements(chunks: Iterable[bytes], *, kept: range = EVERY, limits: Limits = LIMITS) -> Iterator[Element]:
    """The elements of a top-level array, of the array `conversations` of a top-level object, or top-level objects one after the other.

    Of elements whose number is not among `kept` the `data` is empty. Raises `NotJson`, and `TextBroken`
    where the text ends too early or its brackets make no sense, after everything before it was given.
    """
    stream = iter(chunks)
    head = b""
    for chunk in stream:
        head += chunk
        if len(head) >= _HEAD:
            break
    begin, in_array = _beginning(head)
    cutter = _Cutter(begin, in_array, kept, limits)
    yield from cutter.feed(head[begin:])
    for chunk in stream:
        if cutter.done:
            return
        yield from cutter.feed(chunk)
    yield from cutter.end()


def _beginning(head: bytes) -> tuple[int, bool]:
    """Where the elements begin, and whether they stand in an array."""
    first = re.search(rb"\S", head)
    if first is None or first.group() not in (b"[", b"{"):
        raise NotJson
    if first.group() == b"[":
        return first.end(), True
    mask, _ = _masked(head.removesuffix(b"\\"), in_text=False)
    depth = 0
    for token in _TOKENS.finditer(mask):
        symbol = token.group()
        if symbol[0] in _OPENING:
            depth += 1
        elif symbol in (b"]", b"}"):
            depth -= 1
            if depth == 0:
                break
        elif depth == 1 and head[token.start() : token.end()] == _KEY and (array := _ARRAY_FOLLOWS.match(mask, token.end())):
            return array.end(), True
    return first.start(), False


def _masked(chunk: bytes, *, in_text: bool) -> tuple[bytes, bool]:
    """The chunk, equally long, with every character of its texts blanked; and whether it ends within a text."""
    plain = chunk.replace(b"\\\\", b"__").replace(b'\\"', b"__") if b"\\" in chunk else chunk
    pieces = plain.split(b'"')
    inside = 0 if in_text else 1
    pieces[inside::2] = [b"_" * len(piece) for piece in pieces[inside::2]]
    return b'"'.join(pieces), in_text ^ (len(pieces) % 2 == 0)


class _Cutter:
    """Takes the text in chunks, gives whole elements. Between elements, within one (`depth` > 0), or within a bare value."""

    def __init__(self, offset: int, in_array: bool, numbers: range, limits: Limits) -> None:
        self._done = False
        self._offset = offset
        self._in_array = in_array
        self._numbers = numbers
        self._limits = limits
        self._count = 0
        self._in_text = False
        self._held = b""
        self._depth = 0
        self._bare = False
        self._kept = bytearray()
        self._problem = ""

    @property
    def done(self) -> bool:
        """The array was closed: what follows it is not looked at."""
        return self._done

    def feed(self, chunk: bytes) -> Iterator[Element]:
        chunk = self._held + chunk
        # A backslash at the end belongs to what comes next.
        self._held = b"\\" if (len(chunk) - len(chunk.rstrip(b"\\"))) % 2 else b""
        if self._held:
            chunk = chunk[:-1]
        mask, self._in_text = _masked(chunk, in_text=self._in_text)
        position = 0
        while position < len(chunk) and not self._done:
            if self._bare:
                position, ended = self._pass_bare(mask, position)
                if ended:
                    yield self._whole()
            elif self._depth:
                end, closed = self._within(mask, position)
                self._keep(chunk, position, end)
                position = end
                if closed:
                    yield self._whole()
            else:
                position = self._between(mask, position)
        self._offset += len(chunk)

    def end(self) -> Iterator[Element]:
        """The text is over. In an array that was not closed, or within an element, it is broken."""
        if self._bare and not self._in_array and not self._in_text:
            yield self._whole()
        elif self._depth or self._bare or (self._in_array and not self._done):
            raise TextBroken(self._offset + len(self._held), self._count)

    def _between(self, mask: bytes, position: int) -> int:
        start = _START.search(mask, position)
        if start is None:
            return len(mask)
        symbol = start.group()
        if symbol == b"]" and self._in_array:
            self._done = True
        elif symbol in (b"]", b"}"):
            raise TextBroken(self._offset + start.start(), self._count)
        elif symbol not in (b"[", b"{"):
            self._bare = True
            self._problem = reasons.UNKNOWN
        else:
            # The bracket itself is seen again, as the first one within.
            self._depth, self._problem = -1, ""
        return start.start()

    def _within(self, mask: bytes, position: int) -> tuple[int, bool]:
        """Up to where this element reaches in this chunk, and whether it ends there."""
        depth = max(self._depth, 0)
        for bracket in _BRACKETS.finditer(mask, position):
            if bracket.group() in (b"{", b"["):
                depth += 1
                if depth == self._limits.depth + 1:
                    self._give_up(reasons.TOO_DEEP)
            else:
                depth -= 1
                if depth == 0:
                    self._depth = 0
                    return bracket.end(), True
        self._depth = depth
        return len(mask), False

    def _pass_bare(self, mask: bytes, position: int) -> tuple[int, bool]:
        end = _SCALAR_END.search(mask, position)
        self._bare = end is None
        return (end.start(), True) if end else (len(mask), False)

    def _keep(self, chunk: bytes, start: int, end: int) -> None:
        if self._problem or self._count not in self._numbers:
            return
        if len(self._kept) + end - start > self._limits.conversation:
            self._give_up(reasons.TOO_LARGE)
        else:
            self._kept += memoryview(chunk)[start:end]

    def _give_up(self, reason: str) -> None:
        self._problem = self._problem or reason
        self._kept = bytearray()

    def _whole(self) -> Element:
        element = Element(bytes(self._kept), self._problem)
        self._kept, self._problem = bytearray(), ""
        self._count += 1
        return element
