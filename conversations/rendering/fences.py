"""A fenced code block of the top level, fed line by line."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field

from conversations.rendering import lines

_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
# Parts are joined into one string when so many have gathered, which bounds memory without copying the block for each delta.
_MANY_PARTS = 1024


@dataclass(slots=True)
class Fence:
    """An open or closed fence. `parts` joined is its code, without the indent of the fence; `line` is its last, unfinished line."""

    indent: int
    mark: str
    info: str
    parts: list[str] = field(default_factory=list)
    closed: bool = False
    line: str = ""
    long_line: bool = False  # the beginning of this line is in `parts` already
    length: int = 0

    @property
    def code(self) -> str:
        """The code so far."""
        return "".join(self.parts)

    @property
    def source(self) -> str:
        """Markdown that gives this block."""
        return f"{self.mark}{self.info}\n{self.code}{self.mark if self.closed else ''}" + ("\n" if self.closed else "")

    @property
    def language_words(self) -> str:
        """The info string, its escapes and entities resolved."""
        return _ESCAPED.sub(r"\1", html.unescape(self.info))

    @property
    def may_close(self) -> bool:
        """The line so far would end it if nothing followed."""
        return not self.long_line and self.is_closed_by(self.line)

    def take_line(self, piece: str) -> None:
        """The rest of a line. `closed` then says whether it was the last."""
        line, self.line = self.line + piece, ""
        if not self.long_line and self.is_closed_by(line):
            self.closed = True
            return
        self._add((line if self.long_line else self._without_indent(line)) + "\n")
        self.long_line = False

    def take_piece(self, piece: str) -> None:
        """More of an unfinished line."""
        self.line += piece
        if len(self.line) > lines.LONGEST_MARK:
            self._add(self.line if self.long_line else self._without_indent(self.line))
            self.long_line, self.line = True, ""

    def so_far(self) -> Fence:
        """What it would be if nothing followed."""
        if self.may_close:
            return Fence(self.indent, self.mark, self.info, self.parts, closed=True)
        rest = self.line if self.long_line else self._without_indent(self.line)
        return Fence(self.indent, self.mark, self.info, [*self.parts, rest])

    def is_closed_by(self, line: str) -> bool:
        """Whether this line (complete or the last of the text) ends the block."""
        body = line.lstrip(" ")
        if len(line) - len(body) > 3 or body[: len(self.mark)] != self.mark:
            return False
        return not body.lstrip(self.mark[0]).strip(" \t\n")

    def _without_indent(self, line: str) -> str:
        """A line of the code as it counts: without as much white space as the fence is indented by."""
        column = place = 0
        while column < self.indent and line[place : place + 1] in (" ", "\t"):
            column += 1 if line[place] == " " else 4 - column % 4
            place += 1
        return " " * (column - self.indent) + line[place:]

    def _add(self, text: str) -> None:
        self.parts.append(text)
        self.length += len(text)
        if len(self.parts) > _MANY_PARTS:
            self.parts = ["".join(self.parts)]
