"""The words of a text, the same for what is stored and for what is asked.

PostgreSQL's own parser is not used: it keeps `foo/bar.py` and `example.org/path` as one word, depends on the server's locale
for letters beyond ASCII, and knows no words in scripts without spaces. Here:

- A word is a run of letters, digits and their marks, without case and without accents (`Éclair` is `eclair`).
- `getUserById` is also found by `user`: the parts stand at the place of the whole.
- Chinese, Japanese, Thai, Lao, Khmer and Burmese become pairs of neighbours: any two signs that stand together can be found.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Iterator

LONGEST_WORD = 64
_ACCENTS = re.compile("[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670]")  # Latin, Greek, Cyrillic; Hebrew; Arabic
_DENSE = (
    "\u0e01-\u0eff\u1000-\u109f\u1780-\u17ff"  # Thai and Lao, Burmese, Khmer
    "\u3005-\u3007\u3041-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # kana, Han
)
_DENSE_RUN = re.compile(f"([{_DENSE}]+)")
_CAMEL = re.compile("[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")


def _marks() -> str:
    """Signs that belong to the letter before them (accents, vowels of Devanagari or Tamil), as ranges of a character class."""
    ranges: list[list[int]] = []
    for code in range(sys.maxunicode + 1):
        if unicodedata.category(chr(code))[0] != "M":
            continue
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in ranges)


# Letters and digits and what belongs to them, in one go: `[^\W_]` alone would cut words of Indic scripts at their vowels.
RUN = re.compile(rf"[^\W_]+(?:[{_marks()}]+[^\W_]*)*")


def words_of(text: str) -> Iterator[tuple[str, int]]:
    """(word, position) in reading order, positions from 1. Parts of a compound name share its position."""
    position = 0
    for found in RUN.finditer(text):
        run = found[0]
        for word in tokens(run):
            position += 1
            yield word, position
        for part in _parts(run):
            yield part, position


def tokens(run: str, *, whole: bool = True) -> list[str]:
    """The words that one run stands for, at one position each.

    `whole` is false for the end of what somebody asks for, where the text may go on: the last pair of signs then says enough.
    """
    if run.isascii():
        return [run.lower()[:LONGEST_WORD]]
    found: list[str] = []
    pieces = [piece for part in RUN.findall(fold(run)) for piece in _DENSE_RUN.split(part) if piece]
    for number, piece in enumerate(pieces):
        if not is_dense(piece):
            found.append(piece[:LONGEST_WORD])
            continue
        found += [piece[at : at + 2] for at in range(len(piece) - 1)]
        if whole or number + 1 < len(pieces) or len(piece) == 1:
            found.append(piece[-1])
    return found


def fold(text: str) -> str:
    """Without case and accents; compatible forms (full width, ligatures) as the plain ones."""
    return unicodedata.normalize("NFKC", _ACCENTS.sub("", unicodedata.normalize("NFKD", text))).casefold()


def is_dense(word: str) -> bool:
    """Whether the word is of a script that is written without spaces."""
    return _DENSE_RUN.match(word) is not None


def _parts(run: str) -> list[str]:
    if run.islower() or run.isupper() or run.istitle() or not run.isascii() or len(run) > LONGEST_WORD:
        return []
    parts = [part.lower() for part in _CAMEL.findall(run)]
    return parts if len(parts) > 1 else []
