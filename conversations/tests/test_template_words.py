"""Ages, durations and prices as the conversation's pages say them."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from conversations.model_words import price_hint, provider_name
from conversations.templatetags.chat import age_group, duration
from providers.types import ModelInfo, Prices, Provider


@pytest.mark.parametrize(
    ("days", "heading"),
    [(0, "Today"), (1, "Yesterday"), (2, "Last 7 days"), (7, "Last 7 days"), (8, "Last 30 days"), (30, "Last 30 days"), (31, "Older")],
)
def test_a_conversation_stands_under_its_age(days: int, heading: str) -> None:
    assert age_group(timezone.now() - timedelta(days=days)) == heading


def test_the_age_counts_by_the_days_of_the_readers_own_zone() -> None:
    with timezone.override(ZoneInfo("Pacific/Auckland")):
        midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
        assert age_group(midnight) == "Today"
        assert age_group(midnight - timedelta(seconds=1)) == "Yesterday"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.04, "under 0.1 s"), (0.44, "0.4 s"), (9.96, "10.0 s"), (12.4, "12 s"), (59.6, "1 min 0 s"), (125, "2 min 5 s")],
)
def test_durations(seconds: float, words: str) -> None:
    assert duration(seconds) == words


@pytest.mark.parametrize(
    ("prices", "words"),
    [
        (Prices(input=Decimal("2.000000"), output=Decimal("10")), "$2 in · $10 out"),
        (Prices(input=Decimal("0.1"), output=Decimal("0.075")), "$0.10 in · $0.075 out"),
        (Prices(), "free"),
    ],
)
def test_prices_are_short_and_exact(prices: Prices, words: str) -> None:
    model = ModelInfo("openai:m", Provider.OPENAI, "m", "M", 1000, 100, frozenset(), prices)
    assert price_hint(model) == words


def test_every_provider_has_a_name_for_people() -> None:
    assert all(provider_name(provider) for provider in Provider)
