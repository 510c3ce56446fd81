"""What a call costs, exactly. Pure.

Prices are USD per million tokens with at most 6 decimals, so every cost is exact with 12. The arithmetic runs in a
decimal context that raises `decimal.Inexact` before it would round: a digit is never lost in silence.
"""

from __future__ import annotations

from decimal import Context, Decimal, DivisionByZero, Inexact, InvalidOperation, Overflow, localcontext

from usage.types import TokenBuckets, UnitPrices

COST_DECIMALS = 12
PRICE_DECIMALS = 6
_PLACES = Decimal(1).scaleb(-COST_DECIMALS)
_MILLIONTH = Decimal(1).scaleb(-PRICE_DECIMALS)
_EXACT = Context(prec=60, traps=[Inexact, InvalidOperation, DivisionByZero, Overflow])


def cost(buckets: TokenBuckets, prices: UnitPrices) -> Decimal:
    """USD for one call, with exactly 12 decimals.

    Raises `ValueError` for negative counts or prices, `decimal.Inexact` for a price with more than 6 decimals.
    """
    rates = effective_prices(prices, buckets.input_total)
    return _sum(
        (buckets.fresh_input, rates.input),
        (buckets.cache_read, rates.cache_read),
        (buckets.cache_write_5m, rates.cache_write_5m),
        (buckets.cache_write_1h, rates.cache_write_1h),
        (buckets.output, rates.output),
    )


def effective_prices(prices: UnitPrices, input_total: int) -> UnitPrices:
    """The prices of the whole call: those of the highest long-context step that its input exceeds."""
    while prices.long_context is not None and prices.long_context_above is not None and input_total > prices.long_context_above:
        prices = prices.long_context
    return prices


def worst_case(input_tokens: int, max_output: int, prices: UnitPrices) -> Decimal:
    """The most that a call with at most so many tokens can cost, whichever of the prices it is charged at.

    Input is taken at the dearest of fresh, cache read and cache write, and every long-context step that the input may
    reach is looked at: a step may be cheaper than the one below it.
    """
    steps = [prices]
    while prices.long_context is not None and prices.long_context_above is not None and input_tokens > prices.long_context_above:
        prices = prices.long_context
        steps.append(prices)
    return max(_sum((input_tokens, _dearest_input(step)), (max_output, step.output)) for step in steps)


def _dearest_input(prices: UnitPrices) -> Decimal:
    return max(prices.input, prices.cache_read, prices.cache_write_5m, prices.cache_write_1h)


def _sum(*parts: tuple[int, Decimal]) -> Decimal:
    if any(tokens < 0 or price < 0 for tokens, price in parts):
        raise ValueError("Token counts and prices are never negative.")
    with localcontext(_EXACT):
        return (sum((tokens * price for tokens, price in parts), Decimal(0)) * _MILLIONTH).quantize(_PLACES)
