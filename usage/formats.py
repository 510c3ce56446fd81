"""Figures for people to read. The exact ones are in the ledger, in the export, and beside what is read on the usage page."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from usage.pricing import COST_DECIMALS
from usage.types import Balance

_SMALLEST = Decimal("0.0001")


def exact(amount: Decimal) -> str:
    """`0.013740000000`, for machines: all the decimals that an amount of US dollars has."""
    return f"{amount:.{COST_DECIMALS}f}"


def usd(amount: Decimal) -> str:
    """`$4.62`, `$0.0137` below a dollar, `under $0.0001` for what would look like nothing."""
    if amount < 0:
        return f"−{usd(-amount)}"
    if amount == 0:
        return "$0.00"
    if amount < _SMALLEST:
        return "under $0.0001"
    places = Decimal("0.01") if amount >= 1 else _SMALLEST
    return f"${amount.quantize(places, ROUND_HALF_UP):,f}"


def used(balance: Balance) -> str:
    """`12,300 tokens`, `$4.62`, or both with `and`: in what the plan is limited in; in tokens where it has no limit."""
    return " and ".join(words for _, words in _amounts(balance, balance.tokens_used, balance.cost_used))


def held(balance: Balance) -> str:
    """The same for what running answers hold; empty when they hold nothing."""
    return " and ".join(words for amount, words in _amounts(balance, balance.tokens_held, balance.cost_held) if amount)


def _amounts(balance: Balance, tokens: int, cost: Decimal) -> list[tuple[Decimal | int, str]]:
    found: list[tuple[Decimal | int, str]] = []
    if balance.tokens_limit is not None or balance.cost_limit is None:
        found.append((tokens, f"{tokens:,} token{'' if tokens == 1 else 's'}"))
    if balance.cost_limit is not None:
        found.append((cost, usd(cost)))
    return found


def short(count: Decimal | int) -> str:
    """`950`, `12k`, `1.25M`, `3.4B`: three digits at most, for axes and forecasts."""
    value = Decimal(count)
    for size, letter in ((10**9, "B"), (10**6, "M"), (10**3, "k")):
        if abs(value) >= size:
            return f"{(value / size).quantize(_digits(value / size), ROUND_HALF_UP).normalize():f}{letter}"
    return f"{value.normalize():f}"


def _digits(value: Decimal) -> Decimal:
    return Decimal(1).scaleb(max(-2, min(0, value.adjusted() - 2)))
