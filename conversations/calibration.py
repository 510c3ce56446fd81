"""How many tokens a model's provider counts for one of ours, learnt from what it reported. Pure."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable

# Below this the frame of messages, which is not counted here, would be taken for a property of the tokenizer.
LEAST_COUNTED = 500
LEAST_CALLS = 20
LOWEST, HIGHEST = 0.7, 6.0  # what tokenizers in use make of any text, beside o200k; whatever lies outside is no tokenizer
SPREAD = 1.25  # how far one text may lie above the mean of many


def factors(calls: Iterable[tuple[str, int, int]]) -> dict[str, float]:
    """For each model with enough reported calls (key, tokens as counted here, as reported): reported for one counted."""
    seen: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for key, counted, reported in calls:
        if counted >= LEAST_COUNTED and reported > 0:
            seen[key].append((counted, reported))
    return {key: _factor(pairs) for key, pairs in seen.items() if len(pairs) >= LEAST_CALLS}


def likely(counted: int, factor: float) -> int:
    """What the provider will probably report."""
    return math.ceil(counted * factor)


def at_most(bound: int, counted: int, factor: float) -> int:
    """A bound that what was reported may raise, never lower: one text may need far more than the mean."""
    return max(bound, math.ceil(counted * factor * SPREAD))


def _factor(pairs: list[tuple[int, int]]) -> float:
    counted, reported = sum(ours for ours, _ in pairs), sum(theirs for _, theirs in pairs)
    return min(max(reported / counted, LOWEST), HIGHEST)
