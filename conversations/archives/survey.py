"""A first look through an archive: whose it is and how much there is; and then its conversations, one after the other."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import ModuleType

from conversations.archives import chatgpt, claude, own, reasons, refusals
from conversations.archives.elements import EVERY, NotJson, TextBroken, elements
from conversations.archives.limits import LIMITS, Limits
from conversations.archives.parsed import ParsedConversation
from conversations.archives.reading import read_values
from conversations.archives.reasons import Skipped
from conversations.archives.source import CHUNK, Part, Source

logger = logging.getLogger(__name__)

FORMATS: dict[str, ModuleType] = {"chatgpt": chatgpt, "claude": claude, "own": own}
NEWEST_OWN_VERSION = 1
_LOOKED_AT = 25
_OWN_VERSION = re.compile(rb'"format"\s*:\s*"ai-chat-platform"\s*,\s*"version"\s*:\s*(\d{1,9})\b')


@dataclass(frozen=True, slots=True)
class Survey:
    """`total` conversations, or what looks like some, up to where the text breaks off."""

    format: str
    total: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One conversation, or why it stays out; `title` as far as it is known."""

    conversation: ParsedConversation | None = None
    problem: str = ""
    title: str = ""


def survey(source: Source, on_chunk: Callable[[], None] = lambda: None, limits: Limits = LIMITS) -> Survey:
    """Count the conversations and tell the format by the first of them. Raises `ArchiveRefused` when there are none.

    `on_chunk` is called for every piece that was read, that is many times a second.
    """
    found, total = "", 0
    for part in source.parts:
        # Until the format is known some are looked at; the others are only counted.
        looked_at = range(0 if found else _LOOKED_AT)
        try:
            for element in elements(_watched(source, part, on_chunk), kept=looked_at, limits=limits):
                if not found and element.data:
                    found = _format_of(element.data, limits)
                total += 1
                if total > limits.conversations:
                    raise refusals.too_many_conversations(limits.conversations)
        except (NotJson, TextBroken):
            continue
    if not found:
        raise refusals.no_conversations()
    return Survey(found, total)


def entries(source: Source, begin: int, limits: Limits = LIMITS) -> Iterator[Entry]:
    """The conversations from number `begin` on, in the order of the survey. Raises `TextBroken` at the end, if a text broke off:
    its `count` is the number of conversations before the first such place."""
    number, broken = 0, None
    for part in source.parts:
        try:
            for element in elements(source.chunks(part), kept=EVERY[max(begin - number, 0) :], limits=limits):
                number += 1
                if number > begin:
                    yield _entry(element.data, element.problem, limits)
        except NotJson:
            continue
        except TextBroken as error:
            broken = broken or TextBroken(error.offset, number)
    if broken:
        raise broken


def _watched(source: Source, part: Part, on_chunk: Callable[[], None]) -> Iterator[bytes]:
    first = True
    for chunk in source.chunks(part):
        if first and (version := _OWN_VERSION.search(chunk[:CHUNK])) and int(version.group(1)) > NEWEST_OWN_VERSION:
            raise refusals.newer_version()
        first = False
        on_chunk()
        yield chunk


def _format_of(data: bytes, limits: Limits) -> str:
    try:
        values, _ = read_values(data, limits)
    except Skipped:
        return ""
    return next((name for name, reader in FORMATS.items() if reader.recognises(values)), "")


def _entry(data: bytes, problem: str, limits: Limits) -> Entry:
    if problem:
        return Entry(problem=problem)
    try:
        values, whole = read_values(data, limits)
        reader = next((reader for reader in FORMATS.values() if reader.recognises(values)), None)
        if reader is None:
            return Entry(problem=reasons.UNKNOWN)
        conversation = reader.read(values, data, limits)
    except Skipped as skipped:
        return Entry(problem=skipped.reason, title=skipped.title)
    except Exception:
        # A shape that no reader knows must not end the import of all the others; the report names it.
        logger.exception("A conversation of an archive could not be read")
        return Entry(problem=reasons.UNREADABLE)
    if not conversation.messages:
        # Whatever the reader: what is written needs a leaf to show, and one without would take its whole batch along.
        return Entry(problem=reasons.EMPTY, title=conversation.title)
    if not whole:
        conversation.left_out[reasons.BAD_CHARACTERS] += 1
    return Entry(conversation)
