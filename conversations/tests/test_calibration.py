"""What providers reported sharpens the next estimate, and may raise a hold, never lower it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from accounts.types import Actor
from conversations.calibration import HIGHEST, LEAST_CALLS, LEAST_COUNTED, LOWEST, at_most, factors, likely
from conversations.models import Generation
from conversations.selectors.calibration import forget_factors
from conversations.selectors.estimate import Draft, estimate
from conversations.services.send_message import send_message
from core.ids import uuid7
from providers.tokens import count_tokens

MODEL = "scripted:scripted"
LONG = ("Sardines and seaweed. " * 300).strip()


@pytest.fixture(autouse=True)
def nothing_known() -> Iterator[None]:
    forget_factors()
    yield
    forget_factors()


def test_the_factor_is_that_of_all_tokens_together() -> None:
    calls = [("a", 1_000, 1_500)] * LEAST_CALLS + [("a", 20_000, 50_000), ("b", 1_000, 900), ("a", LEAST_COUNTED - 1, 9_999_999)]
    assert factors(calls) == {"a": 80_000 / 40_000}, "b has too few calls, and what is short says little"
    assert factors([*calls, *[("c", 600, 0)] * 99]) == {"a": 2.0}, "nothing reported is not zero"


@pytest.mark.parametrize(("reported", "factor"), [(1, LOWEST), (1_000, 1.0), (10**9, HIGHEST)])
def test_a_provider_that_reports_nonsense_changes_little(reported: int, factor: float) -> None:
    assert factors([("a", 1_000, reported)] * LEAST_CALLS) == {"a": factor}


def test_a_hold_grows_and_never_shrinks() -> None:
    assert at_most(2_000, 1_000, 3.0) == 3_750
    assert at_most(2_000, 1_000, LOWEST) == 2_000
    assert likely(1_001, 1.5) == 1_502


@pytest.mark.django_db
def test_answers_that_were_reported_sharpen_the_estimate_of_the_next(owner: Actor) -> None:
    counted = count_tokens(LONG)
    before = estimate(owner, Draft(LONG), MODEL)
    turns = [send_message(owner, text="Hello", client_key=uuid7(), model_key=MODEL) for _ in range(LEAST_CALLS)]
    mine = Generation.objects.filter(id__in=[turn.generation_id for turn in turns])
    assert set(mine.values_list("input_counted", flat=True)) == {count_tokens("Hello")}

    mine.update(input_counted=1_000, input_tokens=2_000, confidence="estimated")
    forget_factors()
    assert estimate(owner, Draft(LONG), MODEL).input_tokens == before.input_tokens == counted, "our own guesses teach nothing"

    mine.update(confidence="reported")
    assert estimate(owner, Draft(LONG), MODEL).input_tokens == counted, "known for ten minutes"
    forget_factors()
    after = estimate(owner, Draft(LONG), MODEL)
    assert after.input_tokens == 2 * counted
    sent = send_message(owner, text=LONG, client_key=uuid7(), model_key=MODEL)
    generation = Generation.objects.get(id=sent.generation_id)
    assert (generation.input_counted, generation.input_estimate) == (counted, -(-counted * 5 // 2))
