"""A fenced code block of the top level, fed line by line."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field

_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
# Parts are joined into one string when so many have gathered, which bounds memory without copying the block for each delta.
_MANY_PARTS = 1024


@dataclass(slots=True)
class Fence:
    """An open or closed fence. `parts` joined is its code, without the indent of the fence."""

    indent: int
    mark: str
    info: str
    parts: list[str] = field(default_factory=list)
    closed: bool = False
    length: int = 0

    @property
    def code(self) -> str:
        """The code so far."""
        return "".join(self.parts)

    @property
    def language_words(self) -> str:
        """The info string, its escapes and entities resolved."""
        return _ESCAPED.sub(r"\1", html.unescape(self.info))

    def is_closed_by(self, line: str) -> bool:
        """Whether this line (complete or the last of the text) ends the block."""
        body = line.lstrip(" ")
        if len(line) - len(body) > 3 or body[: len(self.mark)] != self.mark:
            return False
        return not body.lstrip(self.mark[0]).strip(" \t\n")

    def without_indent(self, line: str) -> str:
        """A line of the code as it counts: without as much white space as the fence is indented by."""
        column = place = 0
        while column < self.indent and line[place : place + 1] in (" ", "\t"):
            column += 1 if line[place] == " " else 4 - column % 4
            place += 1
        return " " * (column - self.indent) + line[place:]

    def add(self, text: str) -> None:
        """Append to the code."""
        self.parts.append(text)
        self.length += len(text)
        if len(self.parts) > _MANY_PARTS:
            self.parts = ["".join(self.parts)]
