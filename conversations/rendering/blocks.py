"""Cuts Markdown into blocks that later text cannot change, in time proportional to what arrives.

The cut points are exactly those that CommonMark guarantees: the end of headings, rules and fences; a blank line after a paragraph,
table or quote; after a list only an unindented line that is no list item and not part of its last item. Raw HTML blocks do not
exist here (`<` is text, see `markup`), so a fence is the only block that can hold an unindented line after a blank one. Where it
cannot be told whether a line is inside such a fence without parsing everything, nothing is cut any more (`FROZEN`).

One block is ours: a formula over several lines (`$$` or `\\[` to its end) is taken whole, as its lines may look like lists or headings.
A blank line, or the end of all patience, before its own end shows that it was none: then its lines are ordinary ones.

What state a text leads to depends on the text alone, not on the pieces in which it arrived.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum, auto

from conversations.rendering import lines
from conversations.rendering.fences import Fence
from conversations.rendering.pieces import Block

# A block longer than this is cut by force (at a line end if there is one near): it bounds the time of every later step.
LONGEST_BLOCK = 32_768
# A list longer than this goes on as a new list at its next item.
LONG_LIST = 12_288
# A table of more cells is shown as its source (comrak pads every row to the number of columns).
MOST_CELLS = 20_000
# Nobody writes a longer formula.
LONGEST_FORMULA = 6_000
_NEVER = 1 << 20


class Mode(Enum):
    """What the open block is known to be."""

    START = auto()
    PARAGRAPH = auto()  # or a table, or a heading with its underline
    QUOTE = auto()
    LIST = auto()
    INDENTED = auto()
    UNSURE = auto()  # one of several, but none that could hold an unindented line after a blank one
    FROZEN = auto()  # perhaps a fence that looks like part of a list
    FENCE = auto()
    FORMULA = auto()


class Splitter:
    """Feed it cleaned text; it hands out the blocks that are complete."""

    __slots__ = (
        "_after_blank", "_boundary", "_closed", "_column", "_done", "_follow", "_formula", "_in_paragraph", "_line",
        "_mode", "_no_formula", "_pipes", "_rough", "_rows", "_too_deep", "definitions", "fence",
    )  # fmt: skip

    def __init__(self) -> None:
        self.definitions = False
        self._line = ""
        self._no_formula = False
        self._closed: list[Block] = []
        self._boundary: dict[Mode, Callable[[str], bool]] = {
            Mode.PARAGRAPH: self._paragraph_ends, Mode.QUOTE: self._paragraph_ends, Mode.LIST: self._list_ends,
            Mode.INDENTED: self._indented_ends, Mode.UNSURE: self._unsure_ends,
        }  # fmt: skip
        self._follow: dict[Mode, Callable[[str], None]] = {
            Mode.START: self._start, Mode.PARAGRAPH: self._in_paragraph_mode, Mode.QUOTE: self._in_paragraph_mode,
            Mode.LIST: self._in_list, Mode.UNSURE: self._in_unsure, Mode.FORMULA: self._in_formula,
        }  # fmt: skip
        self._reset()

    def push(self, text: str) -> list[Block]:
        """Take more text; return the blocks it completed, in order."""
        pieces = text.split("\n")
        for piece in pieces[:-1]:
            self._take_line(piece)
        self._take_unfinished(pieces[-1])
        closed, self._closed = self._closed, []
        return closed

    @property
    def open_block(self) -> Block:
        """The block that later text may still change."""
        if self.fence is not None:
            return Block(fence=self.fence.so_far())
        if self._mode is Mode.FORMULA:
            return Block(self._done + self._line, formula=self._formula)
        pipes = max(self._pipes, self._line.count("|"))
        costly = self._too_deep or lines.is_too_deep(self._line) or pipes * (self._rows + 1) > MOST_CELLS
        return Block(self._done + self._line, as_source=costly)

    @property
    def open_length(self) -> int:
        """How many characters the open block has. Of a fence, its code."""
        if self.fence is not None:
            return self.fence.length + len(self.fence.line)
        return len(self._done) + len(self._line)

    @property
    def may_close_fence(self) -> bool:
        """Inside a fence: the line so far would end it if nothing followed."""
        return self.fence is not None and self.fence.may_close

    @property
    def line_is_undecided(self) -> bool:
        """The last line is nothing but marks so far; what it means comes with the next characters."""
        return lines.is_marks_only(self._line)

    @property
    def may_define(self) -> bool:
        """The text may hold definitions (references, footnotes) that act on the whole document."""
        return self.definitions or (self.fence is None and lines.defines(self._line))

    def _reset(self) -> None:
        self._mode = Mode.START
        self._done = ""
        self.fence: Fence | None = None
        self._formula = ""
        self._column = 0
        self._after_blank = self._in_paragraph = self._rough = self._too_deep = False
        self._pipes = self._rows = 0

    def _close(self) -> None:
        if self._done:
            costly = not self._formula and (self._too_deep or self._pipes * self._rows > MOST_CELLS)
            self._closed.append(Block(self._done, as_source=costly, formula=self._formula))
        self._reset()

    # Lines -----------------------------------------------------------------------------------------------------------

    def _take_line(self, piece: str) -> None:
        if self.fence is not None:
            self.fence.take_line(piece)
            if self.fence.closed:
                self._closed.append(Block(fence=self.fence))
                self._reset()
            return
        line, self._line = self._after_formula(self._line + piece) + "\n", ""
        if self._ends_before(line):
            self._close()
        line = self._cut_by_force(line)
        if self._mode is Mode.START and lines.is_blank(line):
            return
        self._add(line)
        follow = self._follow.get(self._mode)
        if follow is not None:
            follow(line)

    def _take_unfinished(self, piece: str) -> None:
        if self.fence is not None:
            self.fence.take_piece(piece)
            return
        self._line = self._after_formula(self._line + piece)
        if self._mode is not Mode.START and self._ends_before(self._line):
            self._close()
        if len(self._done) + len(self._line) > LONGEST_BLOCK:
            self._line = self._cut_by_force(self._line)

    def _ends_before(self, line: str) -> bool:
        boundary = self._boundary.get(self._mode)
        return boundary is not None and not lines.is_blank(line) and boundary(line)

    def _after_formula(self, line: str) -> str:
        """What of the line is not part of a formula that ends in it, and does not begin the line's formula again."""
        end = lines.FORMULA_ENDS[self._formula].search(line) if self._mode is Mode.FORMULA else None
        if end is None or lines.PUNCTUATION.fullmatch(rest := line[end.end() :].strip(" \t")):
            return line
        self._add(line[: end.end()] + "\n")
        self._close()
        return rest

    def _cut_by_force(self, line: str) -> str:
        while len(self._done) + len(line) > LONGEST_BLOCK:
            if len(self._done) <= LONGEST_BLOCK // 2:
                room = LONGEST_BLOCK - len(self._done)
                self._add(line[:room])
                line = line[room:]
            self._close()
        return line

    def _add(self, line: str) -> None:
        self._done += line
        self._rows += 1
        self._pipes = max(self._pipes, line.count("|"))
        self._too_deep = self._too_deep or lines.is_too_deep(line)
        self.definitions = self.definitions or lines.defines(line)

    # Does this line (perhaps unfinished) surely begin a new block? --------------------------------------------------------

    def _paragraph_ends(self, line: str) -> bool:
        return (
            lines.HEADING.match(line) is not None
            or lines.INTERRUPTING_MARKER.match(line) is not None
            or (self._mode is Mode.PARAGRAPH and lines.QUOTE.match(line) is not None)
            or lines.fence_of(line) is not None
            or (lines.is_rule(line) and not lines.is_setext(line))
            or (lines.LONE_FORMULA.match(line) is not None and not self._formula_is_open(line))
        )

    def _formula_is_open(self, line: str) -> bool:
        if "$" in line:
            return self._done.count("$$") % 2 == 1
        return self._done.count("\\[") > self._done.count("\\]")

    def _list_ends(self, line: str) -> bool:
        if lines.indent_of(line) >= self._column:
            return False
        if lines.HEADING.match(line) or lines.QUOTE.match(line) or lines.fence_of(line) or lines.is_rule(line):
            return True
        if lines.MARKER.match(line):
            return len(self._done) > LONG_LIST and line[-1] == "\n"
        return self._after_blank and lines.MAYBE_MARKER.match(line) is None

    def _indented_ends(self, line: str) -> bool:
        return lines.indent_of(line) < 4

    def _unsure_ends(self, line: str) -> bool:
        if line[0] in " \t":
            return False
        if lines.HEADING.match(line) or lines.fence_of(line):
            return True
        return self._after_blank and lines.MARKER.match(line) is None and lines.MAYBE_MARKER.match(line) is None

    # What does this complete line make of the block? ----------------------------------------------------------------------

    def _start(self, line: str) -> None:
        fence = lines.fence_of(line)
        if fence is not None:
            self._reset()
            self.fence, self._mode = Fence(*fence), Mode.FENCE
        elif lines.indent_of(line) >= 4:
            self._mode = Mode.INDENTED
        elif lines.HEADING.match(line) or lines.is_rule(line):
            self._close()
        elif lines.QUOTE.match(line):
            self._mode = Mode.QUOTE
        elif lines.MARKER.match(line):
            self._in_item(line)
        elif not self._no_formula and (end := lines.formula_of(line)):
            self._mode, self._formula = Mode.FORMULA, end
        else:
            self._mode = Mode.PARAGRAPH
        self._no_formula = False

    def _in_formula(self, line: str) -> None:
        if lines.FORMULA_ENDS[self._formula].search(line):
            self._close()
        elif lines.is_blank(line) or len(self._done) > LONGEST_FORMULA:
            source = self._done
            self._reset()
            self._no_formula = True
            for piece in source.split("\n")[:-1]:
                self._take_line(piece)

    def _in_paragraph_mode(self, line: str) -> None:
        if lines.is_blank(line):
            self._close()
        elif self._mode is Mode.QUOTE and lines.QUOTE.match(line):
            pass
        elif lines.MARKER.match(line) or ((self._rough or self._mode is Mode.QUOTE) and lines.indent_of(line) >= 4):
            self._doubt(line)
        else:
            self._rough = self._rough or lines.is_rough(line)

    def _in_item(self, line: str) -> None:
        marker = lines.MARKER.match(line)
        assert marker is not None  # noqa: S101
        self._mode, self._after_blank = Mode.LIST, False
        self._column, self._in_paragraph = lines.content_column(marker), lines.starts_paragraph(marker)
        self._rough = not marker[4]

    def _in_list(self, line: str) -> None:
        if lines.is_blank(line):
            if self._rough and lines.indent_of(line) < self._column:  # an item that begins with two blank lines is over
                self._column, self._rough = _NEVER, False
            self._after_blank, self._in_paragraph = True, False
        elif lines.indent_of(line) >= self._column:
            self._after_blank = self._in_paragraph = self._rough = False
        elif lines.MARKER.match(line):
            self._in_item(line)
        elif not self._in_paragraph:
            self._doubt(line)

    def _in_unsure(self, line: str) -> None:
        if lines.is_blank(line):
            self._after_blank = True
        elif line[0] in " \t":
            self._doubt(line)
        elif lines.MARKER.match(line) and not lines.is_rule(line) and (self._after_blank or lines.INTERRUPTING_MARKER.match(line)):
            self._in_item(line)
        else:
            self._after_blank = False

    def _doubt(self, line: str) -> None:
        fenced = line[0] in " \t" and ("```" in line or "~~~" in line)
        self._mode, self._after_blank = Mode.FROZEN if fenced else Mode.UNSURE, False
