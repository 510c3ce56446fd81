"""Sharing a whole number out so that the shares add up to it, to the last unit. Pure."""

from __future__ import annotations

from collections.abc import Sequence


def apportion(amount: int, *weights: Sequence[int]) -> list[int]:
    """One share for each weight (from 0), by the method of largest remainders; of equal remainders the first ones get more.

    Several rows of weights: the first one that can carry the amount. It can when it is not all zeros, and, for a negative
    amount, when nobody would be given more back than their weight. Raises `ValueError` when none can.
    """
    for row in weights:
        whole = sum(row)
        if whole > 0 and (amount >= 0 or -amount <= whole):
            return _share(amount, row, whole)
    if amount == 0 and weights:
        return [0] * len(weights[0])
    raise ValueError("Nobody can carry this.")


def _share(amount: int, weights: Sequence[int], whole: int) -> list[int]:
    sign = -1 if amount < 0 else 1
    parts = [divmod(abs(amount) * weight, whole) for weight in weights]
    shares = [quotient for quotient, _ in parts]
    rest = abs(amount) - sum(shares)
    for place in sorted(range(len(parts)), key=lambda place: -parts[place][1])[:rest]:
        shares[place] += 1
    return [sign * share for share in shares]
