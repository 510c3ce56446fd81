"""This product's own export (`docs/export-format.md`): the tree as it was, to the microsecond and to the character."""

from __future__ import annotations

import heapq
from collections import Counter
from datetime import UTC, datetime
from typing import Any

from conversations.archives import reasons
from conversations.archives.cleaning import key_of, mapping, moment, one_line, text_of
from conversations.archives.limits import LIMITS, Limits
from conversations.archives.parsed import ParsedConversation, ParsedMessage
from conversations.archives.reasons import Skipped
from conversations.making import read_making

_ROLES = ("user", "assistant")


def recognises(values: dict[str, Any]) -> bool:
    return isinstance(values.get("messages"), list) and "shown_leaf" in values


def read(values: dict[str, Any], data: bytes, limits: Limits = LIMITS) -> ParsedConversation:
    """The conversation; `data` names it when it has no id. Raises `Skipped`."""
    title = one_line(values.get("title"), 200)
    left_out: Counter[str] = Counter()
    written = [mapping(message) for message in values["messages"] if mapping(message).get("role") in _ROLES]
    if len(written) > limits.messages:
        raise Skipped(reasons.TOO_MANY_MESSAGES, title)
    if not written:
        raise Skipped(reasons.EMPTY, title)
    created_at = moment(values.get("created_at")) or datetime.now(UTC)
    ordered = _parents_first(written, left_out)
    if not ordered:
        raise Skipped(reasons.EMPTY, title)
    places = {name: place for place, (message, _) in enumerate(ordered) if (name := text_of(message.get("id")))}
    messages: list[ParsedMessage] = []
    for message, parent in ordered:
        messages.append(_message(message, parent, messages[parent].created_at if parent is not None else created_at, limits, left_out))
        messages[-1].left_at = places.get(text_of(message.get("left_at_leaf")))
    return ParsedConversation(
        key=key_of("own", values.get("id"), data),
        title=title,
        created_at=created_at,
        last_activity_at=moment(values.get("last_activity_at")) or max(message.created_at for message in messages),
        messages=messages,
        shown=places.get(text_of(values.get("shown_leaf")), len(messages) - 1),
        system_prompt=text_of(values.get("system_prompt")),
        model_key=one_line(values.get("model"), 160),
        pinned_at=moment(values.get("pinned_at")),
        archived_at=moment(values.get("archived_at")),
        folder=one_line(values.get("folder"), 80),
        left_out=left_out,
    )


def _parents_first(written: list[dict[str, Any]], left_out: Counter[str]) -> list[tuple[dict[str, Any], int | None]]:
    """Each message with the position of its parent, in the document's order as far as that puts parents first. Loops are left out."""
    # Only what has a name can be a parent: a message that names none is a root, also beside others without an id.
    numbers = {name: number for number, message in enumerate(written) if (name := text_of(message.get("id")))}
    below: dict[int | None, list[int]] = {}
    for number, message in enumerate(written):
        below.setdefault(numbers.get(text_of(message.get("parent"))), []).append(number)
    ready = list(below.get(None, ()))
    parents: dict[int, int | None] = dict.fromkeys(ready)
    ordered: list[tuple[dict[str, Any], int | None]] = []
    while ready:
        number = heapq.heappop(ready)
        place = len(ordered)
        ordered.append((written[number], parents[number]))
        for child in below.get(number, ()):
            parents[child] = place
            heapq.heappush(ready, child)
    if lost := len(written) - len(ordered):
        left_out[reasons.LOOPS] += lost
    return ordered


def _message(message: dict[str, Any], parent: int | None, otherwise: datetime, limits: Limits, left_out: Counter[str]) -> ParsedMessage:
    text = text_of(message.get("text"))
    if len(text) > limits.message_chars:
        text = text[: limits.message_chars]
        left_out[reasons.CUT] += 1
    return ParsedMessage(
        role=message["role"],
        text=text,
        created_at=moment(message.get("created_at")) or otherwise,
        parent=parent,
        reasoning=text_of(message.get("reasoning"))[: limits.message_chars],
        model=one_line(mapping(message.get("model")).get("name"), 120),
        making=read_making(message) if message["role"] == "assistant" else None,
    )
