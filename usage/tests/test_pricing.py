"""Money arithmetic: exact, whatever the figures."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal, Inexact
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from usage import pricing
from usage.tests.builders import PRICES
from usage.types import TokenBuckets, UnitPrices

tokens = st.integers(0, 10**12)
prices = st.integers(0, 10**10).map(lambda millionths: Decimal(millionths).scaleb(-6))
flat_prices = st.builds(UnitPrices, prices, prices, prices, prices, prices)
stepped_prices = st.builds(UnitPrices, prices, prices, prices, prices, prices, tokens, flat_prices)
unit_prices = flat_prices | stepped_prices
buckets = st.builds(TokenBuckets, tokens, tokens, tokens, tokens, tokens)
INPUTS = ("fresh_input", "cache_read", "cache_write_5m", "cache_write_1h")


def test_a_call_costs_what_its_buckets_cost() -> None:
    used = TokenBuckets(fresh_input=1000, cache_read=5000, cache_write_5m=200, cache_write_1h=100, output=333, reasoning=300)
    # 3,000 + 1,500 + 750 + 600 + 4,995 millionths of a dollar
    assert pricing.cost(used, PRICES) == Decimal("0.010845")


def test_one_token_at_the_smallest_price_is_not_lost() -> None:
    assert str(pricing.cost(TokenBuckets(output=1), UnitPrices(output=Decimal("0.000001")))) == "1E-12"


def test_long_context_prices_hold_for_the_whole_call_beyond_the_step_only() -> None:
    at_the_step = TokenBuckets(fresh_input=100_000, cache_read=100_000, output=10)
    beyond = replace(at_the_step, cache_write_1h=1)
    assert pricing.cost(at_the_step, PRICES) == Decimal("0.33015")
    assert pricing.cost(beyond, PRICES) == Decimal("0.660237")


def test_a_price_finer_than_a_millionth_raises_instead_of_rounding() -> None:
    with pytest.raises(Inexact):
        pricing.cost(TokenBuckets(output=1), UnitPrices(output=Decimal("0.0000001")))


@pytest.mark.parametrize("used", [TokenBuckets(output=-1), TokenBuckets(fresh_input=-1, cache_read=5)])
def test_negative_counts_are_refused(used: TokenBuckets) -> None:
    with pytest.raises(ValueError, match="never negative"):
        pricing.cost(used, PRICES)


def test_negative_prices_are_refused() -> None:
    with pytest.raises(ValueError, match="never negative"):
        pricing.cost(TokenBuckets(), UnitPrices(cache_read=Decimal(-1)))


@given(buckets, flat_prices)
def test_cost_is_the_exact_sum_of_its_parts(used: TokenBuckets, rates: UnitPrices) -> None:
    parts = [
        (used.fresh_input, rates.input),
        (used.cache_read, rates.cache_read),
        (used.cache_write_5m, rates.cache_write_5m),
        (used.cache_write_1h, rates.cache_write_1h),
        (used.output, rates.output),
    ]
    cost = pricing.cost(used, rates)
    assert Fraction(cost) == sum(count * Fraction(price) for count, price in parts) / 1_000_000
    assert Fraction(cost) == sum(Fraction(pricing.cost(TokenBuckets(**{name: getattr(used, name)}), rates)) for name in (*INPUTS, "output"))


@given(buckets, unit_prices)
def test_cost_is_a_decimal_with_twelve_places_and_never_negative(used: TokenBuckets, rates: UnitPrices) -> None:
    cost = pricing.cost(used, rates)
    assert type(cost) is Decimal
    assert cost.as_tuple().exponent == -12
    assert cost >= 0


@given(buckets, flat_prices, st.sampled_from([*INPUTS, "output"]), tokens)
def test_more_tokens_never_cost_less(used: TokenBuckets, rates: UnitPrices, bucket: str, more: int) -> None:
    assert pricing.cost(replace(used, **{bucket: getattr(used, bucket) + more}), rates) >= pricing.cost(used, rates)


@given(buckets, unit_prices, tokens)
def test_reasoning_is_a_part_of_output_and_costs_nothing_more(used: TokenBuckets, rates: UnitPrices, reasoning: int) -> None:
    assert pricing.cost(replace(used, reasoning=reasoning), rates) == pricing.cost(used, rates)


@given(buckets, unit_prices, tokens, tokens)
def test_no_call_costs_more_than_its_worst_case(used: TokenBuckets, rates: UnitPrices, input_slack: int, output_slack: int) -> None:
    worst = pricing.worst_case(used.input_total + input_slack, used.output + output_slack, rates)
    assert pricing.cost(used, rates) <= worst


def test_the_worst_case_takes_the_dearest_input_and_the_long_context_step() -> None:
    assert pricing.worst_case(200_000, 1000, PRICES) == Decimal("1.215")  # all of it as one-hour cache writes
    assert pricing.worst_case(200_001, 1000, PRICES) == Decimal("2.422512")
