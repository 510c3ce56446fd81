"""What somebody types, as a tsquery. Any text at all gives a valid one: words are letters, digits and marks, always quoted.

red apple       both words, each as the beginning of a word (`apple` finds `apples`)
"red apple"     exactly these words, next to each other
os.path         so is what is written without a space
-pear           without this word
red OR green    one of them
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from conversations.search.words import RUN, is_dense, tokens

MOST_CHARACTERS = 400
MOST_WORDS = 24
_SHORTEST_BEGINNING = 2
_PIECE = re.compile(r'(-?)"([^"]*)("?)|(\S+)')


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words next to each other. `open`: the last one is the beginning of a word."""

    words: tuple[str, ...]
    open: bool = False

    @property
    def pieces(self) -> tuple[str, ...]:
        """What stands in a text: pairs of neighbours are put together again to what they came from."""
        found: list[str] = []
        for word in self.words:
            if found and is_dense(word) and is_dense(found[-1]) and found[-1][-1] == word[0]:
                found[-1] += word[1:]
            else:
                found.append(word)
        return tuple(found)

    def tsquery(self, *, closed: bool = False) -> str:
        last = len(self.words) - 1
        written = [f"'{word}'{':*' if self.open and at == last and not closed else ''}" for at, word in enumerate(self.words)]
        return written[0] if len(written) == 1 else f"({' <-> '.join(written)})"


@dataclass(frozen=True, slots=True)
class Query:
    """All of `wanted` (in each, one of the alternatives) and none of `unwanted`. Nothing wanted: nothing is found."""

    wanted: tuple[tuple[Phrase, ...], ...] = ()
    unwanted: tuple[Phrase, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.wanted)

    @property
    def phrases(self) -> tuple[Phrase, ...]:
        """What is to be marked in a text."""
        return tuple(phrase for alternatives in self.wanted for phrase in alternatives)

    def tsquery(self, *, closed: bool = False) -> str:
        """`closed`: beginnings count as whole words."""
        parts = [_either([phrase.tsquery(closed=closed) for phrase in alternatives]) for alternatives in self.wanted]
        parts += [f"!{phrase.tsquery()}" for phrase in self.unwanted]
        return " & ".join(parts)


def parse_query(text: str) -> Query:
    """The query that a text means; what is beyond 400 characters or 24 words is not looked at."""
    wanted: list[tuple[Phrase, ...]] = []
    unwanted: list[Phrase] = []
    joined = False
    left = MOST_WORDS
    for minus, quoted, end, plain in _PIECE.findall(text[:MOST_CHARACTERS].replace("\x00", " ")):
        if plain == "OR" and wanted:
            joined = True
            continue
        without = bool(minus) or (plain.startswith("-") and not plain.startswith("--"))
        phrase = _phrase(plain or quoted, exact=bool(end) or without, most=left)
        if phrase is None:
            continue
        left -= len(phrase.words)
        if without:
            unwanted.append(phrase)
        elif joined:
            wanted[-1] = (*wanted[-1], phrase)
        else:
            wanted.append((phrase,))
        joined = False
    return Query(tuple(wanted), tuple(unwanted))


def _phrase(text: str, *, exact: bool, most: int) -> Phrase | None:
    runs = RUN.findall(text)
    words = [word for at, run in enumerate(runs) for word in tokens(run, whole=at + 1 < len(runs))][:most]
    if not words:
        return None
    last = words[-1]
    # One sign of a dense script stands in front of pairs; one letter begins too many words to say anything.
    beginning = len(last) == 1 if is_dense(last) else not exact and len(last) >= _SHORTEST_BEGINNING
    return Phrase(tuple(words), open=beginning)


def _either(written: list[str]) -> str:
    return written[0] if len(written) == 1 else f"({' | '.join(written)})"
