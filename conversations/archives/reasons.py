"""Why a part of an archive stayed out, and the report that says so."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# Whole conversations.
ALREADY_HERE = "already_here"
EMPTY = "empty"
UNREADABLE = "unreadable"
UNKNOWN = "unknown"
TOO_LARGE = "too_large"
TOO_DEEP = "too_deep"
TOO_MANY_MESSAGES = "too_many_messages"
# Parts of conversations that were imported.
IMAGES = "images"
FILES = "files"
RECORDINGS = "recordings"
TOOL_CALLS = "tool_calls"
TOOL_RESULTS = "tool_results"
CUT = "cut"
LOOPS = "loops"
BAD_CHARACTERS = "bad_characters"

WHOLE: Mapping[str, str] = {
    ALREADY_HERE: "already here from an earlier import",
    EMPTY: "without any message",
    UNREADABLE: "not valid JSON",
    UNKNOWN: "not a conversation that is known here",
    TOO_LARGE: "too large",
    TOO_DEEP: "nested too deeply",
    TOO_MANY_MESSAGES: "with too many messages",
}
PARTS: Mapping[str, str] = {
    IMAGES: "images, marked in the text with their names",
    FILES: "attached files, marked in the text with their names",
    RECORDINGS: "recordings and videos",
    TOOL_CALLS: "calls of tools (searches, memory, image requests)",
    TOOL_RESULTS: "results of tools (web pages, search results)",
    CUT: "messages that were cut at a million characters",
    LOOPS: "messages that have no place in their conversation",
    BAD_CHARACTERS: "conversations with characters that could not be read, shown as �",
}
_EXAMPLES = 5
_EXAMPLE_CHARS = 80


class Report:
    """What was left out, by reason: how often, and for whole conversations some titles. Bounded, and plain JSON (`rows`)."""

    def __init__(self, rows: list[dict[str, Any]] | None = None) -> None:
        self._rows: dict[str, dict[str, Any]] = {row["reason"]: row for row in rows or []}

    def add(self, reason: str, example: str = "", count: int = 1) -> None:
        row = self._rows.setdefault(reason, {"reason": reason, "count": 0, "examples": []})
        row["count"] += count
        if example and len(row["examples"]) < _EXAMPLES:
            row["examples"].append(example[:_EXAMPLE_CHARS])

    @property
    def rows(self) -> list[dict[str, Any]]:
        return list(self._rows.values())

    @property
    def conversations(self) -> int:
        """How many conversations stayed out."""
        return sum(row["count"] for row in self._rows.values() if row["reason"] in WHOLE)


class Skipped(Exception):
    """This conversation stays out; the import goes on."""

    def __init__(self, reason: str, title: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.title = title
