"""What ledger entries add up to, and how sums are told apart. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple, TypeVar
from uuid import UUID

from usage.types import Confidence, Purpose

K = TypeVar("K", bound=Hashable)


class Figures(NamedTuple):
    """Sums over entries; the names are those of the columns. `cost` and `saved` in USD, exact. `reasoning` is a part of `output`."""

    calls: int = 0
    fresh_input: int = 0
    cache_read: int = 0
    cache_write_5m: int = 0
    cache_write_1h: int = 0
    output: int = 0
    reasoning: int = 0
    tokens: int = 0
    cost: Decimal = Decimal(0)
    saved: Decimal = Decimal(0)

    @property
    def cache_write(self) -> int:
        return self.cache_write_5m + self.cache_write_1h

    @property
    def cached(self) -> int:
        """Input that a cache was read from or written to."""
        return self.cache_read + self.cache_write


def summed(rows: Iterable[Figures]) -> Figures:
    """All of them together. Column by column: a page adds up thousands of numbers."""
    columns = [sum(column) for column in zip(*rows, strict=True)]
    return Figures._make(columns) if columns else Figures()


def subtract(whole: Figures, part: Figures) -> Figures:
    """What is left of the whole without a part of it."""
    return summed([whole, Figures._make([-value for value in part])])


@dataclass(frozen=True, slots=True)
class KindFigures:
    """The calls of one kind in one part of a range."""

    part: int
    provider: str
    model: str
    purpose: Purpose
    confidence: Confidence
    figures: Figures


@dataclass(frozen=True, slots=True)
class ShareFigures:
    """What one conversation or one person used; None: nobody, nothing in particular."""

    name: str | UUID | None
    figures: Figures


def grouped(rows: Iterable[KindFigures], key: Callable[[KindFigures], K]) -> dict[K, Figures]:
    """The sums by `key`, the dearest first."""
    groups: dict[K, list[Figures]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row.figures)
    sums = {name: summed(group) for name, group in groups.items()}
    return dict(sorted(sums.items(), key=lambda item: (-item[1].cost, -item[1].tokens, str(item[0]))))
