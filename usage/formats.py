"""Money for people to read. The exact figure is in the ledger and in the export."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

_SMALLEST = Decimal("0.0001")


def usd(amount: Decimal) -> str:
    """`$4.62`, `$0.0137` below a dollar, `under $0.0001` for what would look like nothing."""
    if amount == 0:
        return "$0.00"
    if amount < _SMALLEST:
        return "under $0.0001"
    places = Decimal("0.01") if amount >= 1 else _SMALLEST
    return f"${amount.quantize(places, ROUND_HALF_UP):,f}"
