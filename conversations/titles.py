"""A title from the first words, until a model has written a better one."""

from __future__ import annotations

import re

_LENGTH = 60
_MARKS = re.compile(r"[`*_#>\[\]]+")
_SPACE = re.compile(r"\s+")


def title_from(text: str) -> str:
    """The beginning of a text as one line of at most 60 characters, cut between words where that is possible."""
    line = _SPACE.sub(" ", _MARKS.sub("", text[: _LENGTH * 8])).strip()
    if len(line) <= _LENGTH:
        return line or "New chat"
    head = line[: _LENGTH - 1]
    shorter = head.rsplit(" ", 1)[0]
    return (shorter if len(shorter) > _LENGTH // 2 else head).rstrip(" ,.;:-") + "…"


def title_of_model(text: str) -> str:
    """What a model said as a title: the first line that says something, at most 60 characters; may be empty."""
    line = next((cleaned for cleaned in map(clean_title, text.splitlines()) if cleaned), "").rstrip(".")
    return title_from(line) if line else ""


def clean_title(text: str) -> str:
    """A model's or a person's title as one line of at most 200 characters, without quotes around it; may be empty."""
    line = _SPACE.sub(" ", text.replace("\x00", "")).strip().strip("\"'“”«»*#` ").strip()
    return line[:200]
