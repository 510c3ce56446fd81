"""Turns in the order that every provider accepts."""

from __future__ import annotations

from collections.abc import Iterable

from providers.types import ChatMessage, ImagePart


def tidy(messages: Iterable[ChatMessage]) -> list[ChatMessage]:
    """The same conversation without empty texts (an answer stopped before its first word) and with neighbours of one role joined.

    Anthropic and Gemini refuse empty parts; Gemini and the templates of many open models want the roles to alternate.
    """
    turns: list[ChatMessage] = []
    for message in messages:
        parts = tuple(part for part in message.parts if isinstance(part, ImagePart) or part.text.strip())
        if not parts:
            continue
        if turns and turns[-1].role is message.role:
            turns[-1] = ChatMessage(message.role, turns[-1].parts + parts)
        else:
            turns.append(ChatMessage(message.role, parts))
    return turns
