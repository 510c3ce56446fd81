"""What one line of Markdown can start. Patterns take a complete line with its `\\n`, or what has come of it so far without.

Every pattern is stable: once it matches a beginning, it matches whatever follows. (CommonMark 0.31.2, sections 4 and 5.)
"""

from __future__ import annotations

import re

# Lines that only count when they are whole are looked at up to this length; longer ones are text.
LONGEST_MARK = 1000
# Deeper containers than this on one line are an attack on the browser's stack, not a document.
_DEEPEST = 24

HEADING = re.compile(r" {0,3}#{1,6}[ \t\n]")
QUOTE = re.compile(r" {0,3}>")
MARKER = re.compile(r"( {0,3})([-+*]|\d{1,9}[.)])(?=([ \t]*)([^ \t\n]?))[ \t\n]")
MAYBE_MARKER = re.compile(r" {0,3}(?:[-+*]|\d{1,9}[.)]?)\Z")
# Only these list items may interrupt a paragraph.
INTERRUPTING_MARKER = re.compile(r" {0,3}(?:[-+*]|1[.)])[ \t]+[^ \t\n]")
_RULE = re.compile(r" {0,3}([-*_])[ \t]*(?:\1[ \t]*){2,}\n")
_SETEXT = re.compile(r" {0,3}(?:-+|=+)[ \t]*\n")
_FENCE = re.compile(r"( {0,3})(?:(`{3,})([^`\n]*)|(~{3,})([^\n]*))\n")
# A formula of several lines begins with its bracket; in a paragraph only where the bracket is alone.
_FORMULA = re.compile(r" {0,3}(\$\$(?!\$)|\\\[)(.*)\n")
LONE_FORMULA = re.compile(r" {0,3}(\$\$|\\\[)[ \t]*\n")
FORMULA_ENDS = {"$$": re.compile(r"(?<!\\)\$\$"), "\\]": re.compile(r"(?<!\\)(?:\\\\)*\\\]")}
# What may stand behind a formula on its last line and still belong to it.
PUNCTUATION = re.compile(r"[.,;:!?]{0,3}")
_ROUGH = re.compile(r"[-=|: \t]+\n")
_PLAIN_START = re.compile(r"(?:\*\*|`(?!`)|[\"'(“])?[^\W\d_]")
_DEFINITION = re.compile(r"(?:[ \t>]|[-+*][ \t]|\d{1,9}[.)][ \t])*\[[^\]\n]+\]:")
_NESTED = re.compile(rf"(?:[ \t]*(?:>|(?:[-+*]|\d{{1,9}}[.)])(?=[ \t]))){{{_DEEPEST + 1}}}")
# A line of nothing but marks: too early to say what it will be (`-` under a paragraph looks like a heading until the item comes).
_MARKS_ONLY = re.compile(r"[-=+*_#>`~|:.)\d \t]*\Z")


def is_blank(line: str) -> bool:
    """Only spaces and tabs. A no-break space is text."""
    return not line.strip(" \t\n")


def indent_of(line: str) -> int:
    """Columns of white space at the start, tabs to the next multiple of four."""
    columns = 0
    for character in line:
        if character == " ":
            columns += 1
        elif character == "\t":
            columns += 4 - columns % 4
        else:
            break
    return columns


def is_rule(line: str) -> bool:
    """A thematic break (or the underline of a heading: see `is_setext`)."""
    return len(line) <= LONGEST_MARK and _RULE.match(line) is not None


def is_setext(line: str) -> bool:
    """An underline that makes the paragraph above it a heading."""
    return len(line) <= LONGEST_MARK and _SETEXT.match(line) is not None


def is_rough(line: str) -> bool:
    """Underline of a heading or of a table's head: what follows may no longer be the paragraph."""
    return len(line) <= LONGEST_MARK and _ROUGH.match(line) is not None


def fence_of(line: str) -> tuple[int, str, str] | None:
    """Indent, fence and info string of an opening code fence."""
    match = _FENCE.match(line) if len(line) <= LONGEST_MARK else None
    if match is None:
        return None
    return len(match[1]), match[2] or match[4], match[3] or match[5] or ""


def formula_of(line: str) -> str:
    """What ends the formula that this line begins, or nothing: a formula that ends on its first line is part of a paragraph."""
    match = _FORMULA.match(line) if len(line) <= LONGEST_MARK else None
    if match is None:
        return ""
    end = "$$" if match[1] == "$$" else "\\]"
    return "" if FORMULA_ENDS[end].search(match[2]) else end


def content_column(marker: re.Match[str]) -> int:
    """The column from which lines belong to the list item that `MARKER` found."""
    gap = _gap_after(marker)
    start = len(marker[1]) + len(marker[2])
    return start + 1 if gap > 4 or not marker[4] else start + gap


def starts_paragraph(marker: re.Match[str]) -> bool:
    """Whether the item surely begins with a paragraph, so that an unindented next line continues it."""
    return _gap_after(marker) <= 4 and _PLAIN_START.match(marker.string, marker.start(4)) is not None


def _gap_after(marker: re.Match[str]) -> int:
    return len((marker[1] + marker[2] + marker[3]).expandtabs(4)) - len(marker[1]) - len(marker[2])


def defines(line: str) -> bool:
    """May hold a link reference or footnote definition, which act on the whole document."""
    return "]:" in line and _DEFINITION.match(line) is not None


def is_too_deep(line: str) -> bool:
    """Opens more containers than a reader (or a browser) can follow."""
    return len(line) > _DEEPEST and _NESTED.match(line) is not None


def is_marks_only(line: str) -> bool:
    """Not blank, and nothing but marks so far."""
    return 0 < len(line) < 80 and _MARKS_ONLY.match(line) is not None and not is_blank(line)
