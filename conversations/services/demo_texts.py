"""What people ask in a demonstration, and what they are told; rendered once."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path

from conversations.rendering import render
from providers.tokens import count_tokens

_FILE = Path(__file__).resolve().parent.parent / "demo_texts.md"
_MARK = "%% "


@dataclass(frozen=True, slots=True)
class DemoText:
    """A question or an answer; `html` is empty for a question."""

    text: str
    html: str
    tokens: int
    size: int

    @staticmethod
    def of(text: str, *, rendered: bool) -> DemoText:
        return DemoText(text, render(text) if rendered else "", count_tokens(text), len(text.encode()))


@dataclass(frozen=True, slots=True)
class DemoTopic:
    """A title and its turns: (question, answer)."""

    title: str
    turns: tuple[tuple[DemoText, DemoText], ...]


@functools.cache
def demo_topics() -> tuple[DemoTopic, ...]:
    """All topics of `demo_texts.md`, in its order."""
    topics = []
    for part in _FILE.read_text(encoding="utf-8").split(f"{_MARK}title ")[1:]:
        title, *texts = part.split(_MARK)
        turns = zip(_of_kind(texts, "question"), _of_kind(texts, "answer"), strict=True)
        topics.append(DemoTopic(title.strip(), tuple(turns)))
    return tuple(topics)


def _of_kind(texts: list[str], kind: str) -> list[DemoText]:
    return [DemoText.of(text.removeprefix(kind).strip(), rendered=kind == "answer") for text in texts if text.startswith(kind)]
