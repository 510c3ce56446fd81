"""What a call may need at most: what is held for it before it is made. Pure."""

from __future__ import annotations

from django.conf import settings

from providers.types import ModelInfo
from usage import pricing
from usage.types import Balance, UnitPrices

# The shortest answer worth asking for when little of an allowance is left.
SMALLEST_OUTPUT = 256


def longest_output(model: ModelInfo) -> int:
    """The most tokens that an answer of this model may have."""
    return min(model.max_output, settings.MAX_OUTPUT_TOKENS, max(SMALLEST_OUTPUT, model.context_window // 2))


def unit_prices(model: ModelInfo) -> UnitPrices:
    """The engine room's prices in the meter's words."""
    prices = model.prices
    step = prices.long_context
    return UnitPrices(
        input=prices.input,
        output=prices.output,
        cache_read=prices.cache_read,
        cache_write_5m=prices.cache_write_5m,
        cache_write_1h=prices.cache_write_1h,
        long_context_above=prices.long_context_above,
        long_context=None
        if step is None
        else UnitPrices(
            input=step.input,
            output=step.output,
            cache_read=step.cache_read,
            cache_write_5m=step.cache_write_5m,
            cache_write_1h=step.cache_write_1h,
        ),
    )


def affordable_output(balance: Balance, model: ModelInfo, input_tokens: int, cap: int) -> int:
    """The output limit that what is left can pay for, at least `SMALLEST_OUTPUT` (the reservation then decides)."""
    affordable = cap
    if balance.tokens_left is not None:
        affordable = min(affordable, balance.tokens_left - input_tokens)
    if balance.cost_left is not None and model.prices.output:
        worst_input = pricing.worst_case(input_tokens, 0, unit_prices(model))
        one_output = pricing.worst_case(input_tokens, 1, unit_prices(model)) - worst_input
        affordable = min(affordable, int((balance.cost_left - worst_input) / one_output))
    return max(min(SMALLEST_OUTPUT, cap), affordable)
