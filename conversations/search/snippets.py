"""What of a text is shown below a hit: fragments around the words that were asked for, those marked, all else escaped.

`ts_headline` is not used: it reads the whole text once more by a parser that knows other words than ours (`words.py`), returns
what it marks unescaped, and takes milliseconds for a long answer.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import chain

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from conversations.rendering.plain import plain_text
from conversations.search.query import Phrase, Query
from conversations.search.words import fold, is_dense

LENGTH = 220
# A text is looked at this far; what stands beyond is found, but its beginning is shown.
LOOKED_AT = 200_000
_BEFORE = 60
_MOST_HITS = 200
_GAP = r"(?:[\W_]{1,40})"


@dataclass(frozen=True, slots=True)
class Hit:
    start: int
    end: int
    number: int  # of the phrase in the query


def snippet(text: str, query: Query) -> SafeString:
    """One or two fragments of the text as HTML; its beginning when nothing of the query is seen in it."""
    text = unicodedata.normalize("NFC", text[:LOOKED_AT])
    pieces = [plain_text(text[start:end]) for start, end in _fragments(text, list(_hits(text, query)))]
    html = " … ".join(_marked(piece, query) for piece in pieces if piece)
    return mark_safe(html)  # noqa: S308 - every piece was escaped


def marked(text: str, query: Query) -> SafeString:
    """A short text (a title) as HTML, whole, with the hits marked."""
    return mark_safe(_marked(unicodedata.normalize("NFC", text), query))  # noqa: S308 - escaped there


def matching_phrases(text: str, query: Query) -> set[int]:
    """Which of `query.phrases` a text has, by their numbers."""
    return {hit.number for hit in _hits(unicodedata.normalize("NFC", text[:LOOKED_AT]), query)}


def _marked(text: str, query: Query) -> str:
    out, at = [], 0
    for hit in _hits(text, query):
        out += [escape(text[at : hit.start]), "<mark>", escape(text[hit.start : hit.end]), "</mark>"]
        at = hit.end
    return "".join([*out, escape(text[at:])])


def _hits(text: str, query: Query) -> Iterator[Hit]:
    """In reading order, none inside another."""
    if not query.phrases:
        return
    flat = text.lower() if text.isascii() else text.translate(_flat_letters())
    found = 0
    for match in _pattern(query.phrases).finditer(flat):
        number = int((match.lastgroup or "p0")[1:])
        start, end = match.span()
        if not is_dense(flat[start]) and not _begins(text, start):
            continue
        if not query.phrases[number].open and not is_dense(flat[end - 1]) and not _ends(text, end):
            continue
        yield Hit(start, end, number)
        found += 1
        if found == _MOST_HITS:
            return


def _fragments(text: str, hits: list[Hit]) -> list[tuple[int, int]]:
    """Where the most of what was asked for stands together, and a second place for what is not there."""
    if not hits:
        return [_cut(text, 0, LENGTH)]
    best, have = hits[0], {hits[0].number}
    for at, hit in enumerate(hits):
        near = {other.number for other in hits[at : at + 20] if other.end <= hit.start + LENGTH - _BEFORE}
        if len(near) > len(have):
            best, have = hit, near
    other = next((hit for hit in hits if hit.number not in have), None)
    if other is None:
        return [_cut(text, best.start - _BEFORE, best.start - _BEFORE + LENGTH)]
    half = LENGTH // 2
    return [
        _cut(text, hit.start - _BEFORE // 2, hit.start - _BEFORE // 2 + half) for hit in sorted((best, other), key=lambda hit: hit.start)
    ]


def _cut(text: str, start: int, end: int) -> tuple[int, int]:
    """Moved to the next space, where there is one near."""
    if start <= 0:
        start, end = 0, end - min(0, start)
    else:
        space = text.find(" ", start, start + 20)
        start = space + 1 if space >= 0 else start
    if end < len(text):
        space = text.rfind(" ", end - 20, end)
        end = space if space > start else end
    return start, min(end, len(text))


@cache
def _flat_letters() -> dict[int, str]:
    """Letters with case, accents or a compatible form -> the plain one, where that is one sign too: places stay the same."""
    table = {}
    for code in chain(range(0x80, 0x2C00), range(0xA640, 0xAC00), range(0xF900, 0x10000)):
        sign = chr(code)
        if unicodedata.category(sign)[0] in "LN" and len(flat := fold(sign)) == 1 and flat != sign:
            table[code] = flat
    table.update({code: chr(code + 32) for code in range(ord("A"), ord("Z") + 1)})
    return table


def _pattern(phrases: tuple[Phrase, ...]) -> re.Pattern[str]:
    # Longer ones first, so that a phrase is marked as a whole before a word of it.
    order = sorted(range(len(phrases)), key=lambda number: -sum(map(len, phrases[number].words)))
    return re.compile("|".join(f"(?P<p{number}>{_source(phrases[number])})" for number in order))


def _source(phrase: Phrase) -> str:
    return _GAP.join(re.escape(piece).replace("ss", "(?:ss|ß)") for piece in phrase.pieces)


def _begins(text: str, start: int) -> bool:
    if start == 0 or not text[start - 1].isalnum():
        return True
    before, first = text[start - 1], text[start]
    return (first.isupper() and not before.isupper()) or before.isdigit() != first.isdigit() or is_dense(before)


def _ends(text: str, end: int) -> bool:
    if end == len(text) or not text[end].isalnum():
        return True
    last, after = text[end - 1], text[end]
    return (after.isupper() and not last.isupper()) or last.isdigit() != after.isdigit() or is_dense(after)
