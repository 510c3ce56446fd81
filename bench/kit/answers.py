"""The answers that the fake provider gives: varied Markdown, cut into tokens, the same for the same seed."""

from __future__ import annotations

import functools
import random
import re
from itertools import accumulate

SEEDS = 8
# About four characters a token, white space in front, as byte-pair vocabularies have it.
_TOKEN = re.compile(r"\s*[A-Za-z]{1,6}|\s*\d{1,3}|\s*[^\w\s]{1,3}|\s+|.", re.DOTALL)
_TEXT = (
    "the river carries light between quiet houses and every window keeps a small reason to stay awake while morning "
    "trains cross bridges toward cities where people measure bread time music and the weight of promises we make "
    "carefully because memory is a workshop with open doors"
)
_WORDS = _TEXT.split()


@functools.cache
def tokens_of(seed: int, count: int) -> tuple[str, ...]:
    """The `count` tokens of the answer with this seed."""
    chance = random.Random(seed)
    pieces: list[str] = []
    while len(pieces) < count:
        text = chance.choice(_SECTIONS)(chance) + "\n\n"
        pieces += _TOKEN.findall(text)
    return tuple(pieces[:count])


@functools.cache
def text_of(seed: int, count: int) -> str:
    return "".join(tokens_of(seed, count))


@functools.cache
def ends_of(seed: int, count: int) -> tuple[int, ...]:
    """For each token the number of characters up to its end."""
    return tuple(accumulate(map(len, tokens_of(seed, count))))


def _sentence(chance: random.Random, low: int = 8, high: int = 18) -> str:
    words = [chance.choice(_WORDS) for _ in range(chance.randint(low, high))]
    spot = chance.randrange(len(words))
    words[spot] = chance.choice(("**{}**", "*{}*", "`{}`", "{}", "{}", "[{}](https://example.org/page)")).format(words[spot])
    return " ".join(words).capitalize() + "."


def _paragraph(chance: random.Random) -> str:
    return " ".join(_sentence(chance) for _ in range(chance.randint(2, 5)))


def _heading(chance: random.Random) -> str:
    return f"{'#' * chance.randint(2, 3)} {_sentence(chance, 3, 5)[:-1]}\n\n{_paragraph(chance)}"


def _list(chance: random.Random) -> str:
    mark = chance.choice(("- ", "1. "))
    return "\n".join(mark + _sentence(chance, 4, 10) for _ in range(chance.randint(3, 6)))


def _code(chance: random.Random) -> str:
    lines = ["def " + "_".join(chance.sample(_WORDS, 2)) + "(items: list[int]) -> int:", '    """' + _sentence(chance, 4, 7) + '"""']
    for _ in range(chance.randint(4, 10)):
        name, other = chance.sample(_WORDS, 2)
        lines.append(f"    {name} = sum(item * {chance.randint(2, 99)} for item in items if item > {chance.randint(1, 9)})  # {other}")
    return "```python\n" + "\n".join([*lines, "    return 0"]) + "\n```"


def _table(chance: random.Random) -> str:
    rows = [f"| {chance.choice(_WORDS)} | {chance.randint(1, 999)} | {chance.choice(_WORDS)} |" for _ in range(chance.randint(3, 6))]
    return "\n".join(["| name | count | note |", "| --- | ---: | --- |", *rows])


def _quote(chance: random.Random) -> str:
    return "> " + _sentence(chance)


_SECTIONS = (_paragraph, _paragraph, _paragraph, _heading, _list, _list, _code, _table, _quote)
