"""Shares add up exactly, differences close exactly, and models are found under the names that reports give them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from usage.reports.apportion import apportion
from usage.reports.compare import Sum, difference, plus
from usage.reports.names import ModelNames
from usage.reports.types import ALL_BUCKETS, Tokens

COUNTS = st.integers(min_value=0, max_value=10**12)
WEIGHTS = st.lists(COUNTS, min_size=1, max_size=40)
TOKENS = st.builds(Tokens, COUNTS, COUNTS, COUNTS, COUNTS, COUNTS)
TOLD = st.sets(st.sampled_from(["cache_read", "cache_write_5m", "cache_write_1h"])).map(
    lambda names: frozenset({"fresh_input", "output", *names})
)


@given(amount=st.integers(min_value=-(10**15), max_value=10**15), weights=WEIGHTS)
def test_shares_add_up_and_follow_the_weights(amount: int, weights: list[int]) -> None:
    if sum(weights) == 0 or (amount < 0 and -amount > sum(weights)):
        if amount:
            with pytest.raises(ValueError, match="Nobody"):
                apportion(amount, weights)
        return
    shares = apportion(amount, weights)
    assert sum(shares) == amount
    for share, weight in zip(shares, weights, strict=True):
        assert abs(share * sum(weights) - amount * weight) < sum(weights), "less than one unit off"
        assert share >= -weight, "nobody gets more back than they have"


def test_of_equal_remainders_the_first_ones_get_more_and_the_next_row_helps_out() -> None:
    assert apportion(5, [1, 1, 1]) == [2, 2, 1]
    assert apportion(-7, [0, 0], [2, 3], [10, 10]) == [-4, -3]
    assert apportion(0, [0, 0]) == [0, 0]


@given(theirs=TOKENS, ours=TOKENS, told=TOLD)
def test_ours_and_the_difference_are_theirs_as_far_as_they_tell(theirs: Tokens, ours: Tokens, told: frozenset[str]) -> None:
    reported = plus(theirs, Tokens(told=told))
    off = difference(reported, None, Sum(ours)).tokens
    closed = plus(ours, off)
    assert closed.total == theirs.total
    assert all(getattr(closed, name) == getattr(theirs, name) for name in told - {"fresh_input"})
    assert not difference(reported, None, Sum(closed)), "a second time nothing differs"
    assert closed.told == ALL_BUCKETS


@given(theirs=st.decimals(min_value=-(10**9), max_value=10**9, places=30), ours=st.decimals(min_value=0, max_value=10**9, places=12))
def test_money_closes_to_the_last_decimal_of_the_ledger(theirs: Decimal, ours: Decimal) -> None:
    off = difference(None, theirs, Sum(cost=ours))
    assert abs(ours + off.cost - theirs) <= Decimal("0.0000000000005")
    assert not difference(None, theirs, Sum(cost=ours + off.cost))


def test_rounding_of_the_report_itself_is_no_difference() -> None:
    assert not difference(None, Decimal("0.05"), Sum(cost=Decimal("0.0537")), Decimal("0.005"))
    assert difference(None, Decimal("0.05"), Sum(cost=Decimal("0.0551")), Decimal("0.005")).cost == Decimal("-0.0051")


KNOWN = ["gpt-4.1", "claude-haiku-4-5-20251001", "claude-3-5-sonnet-20241022", "gpt-6-20260101", "gpt-6-20260601", "vendor/Model:free"]


@pytest.mark.parametrize(
    ("reported", "found"),
    [
        ("gpt-4.1", "gpt-4.1"),
        ("gpt-4.1-2025-04-14", "gpt-4.1"),
        ("gpt-4.1-mini", None),
        ("Claude Haiku 4.5", "claude-haiku-4-5-20251001"),
        ("Claude 3.5 Sonnet 2024-10-22", "claude-3-5-sonnet-20241022"),
        ("gpt-6-2026-06-01", "gpt-6-20260601"),
        ("gpt-6", None),  # two of that family: nobody knows which
        ("vendor/model:free", "vendor/Model:free"),
        ("other/model:free", None),
        ("", None),
    ],
)
def test_a_model_is_found_by_id_spelling_or_family(reported: str, found: str | None) -> None:
    assert ModelNames(KNOWN).find(reported) == found
