"""Prices are closed and replaced, never edited."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from core.exceptions import Conflict, InvalidInput, NotFound
from core.ids import uuid7
from providers.models import AIModel, ModelPrice
from providers.services.set_price import set_price
from providers.services.withdraw_price import withdraw_price
from providers.types import Prices

pytestmark = pytest.mark.django_db

CHEAP = Prices(input=Decimal("0.25"), output=Decimal("1.25"))
DEAR = Prices(input=Decimal(5), output=Decimal(25), long_context_above=200_000, long_context=Prices(input=Decimal(10), output=Decimal(50)))


@pytest.fixture
def model() -> AIModel:
    return AIModel.objects.create(provider="openai", model_id="m", name="M", context_window=1000, max_output=100)


def test_a_new_price_closes_the_old_one_at_the_same_instant(model: AIModel) -> None:
    first, second = set_price(model.pk, CHEAP), set_price(model.pk, DEAR)
    first.refresh_from_db()
    assert first.effective_to == second.effective_from
    assert second.as_prices() == DEAR
    assert first.holds_at(first.effective_from)
    assert not first.holds_at(second.effective_from)


def test_the_same_price_again_is_the_same_row(model: AIModel) -> None:
    assert set_price(model.pk, DEAR).pk == set_price(model.pk, DEAR).pk


def test_a_saved_price_refuses_edits_and_reopening(model: AIModel) -> None:
    row = set_price(model.pk, CHEAP)
    row.output = Decimal(2)
    with pytest.raises(Conflict, match="never edited"):
        row.save()
    set_price(model.pk, DEAR)
    row.refresh_from_db()
    row.effective_to = None
    with pytest.raises(Conflict, match="never edited"):
        row.save()


def test_what_cannot_be_a_price_is_refused(model: AIModel) -> None:
    with pytest.raises(InvalidInput, match="negative"):
        set_price(model.pk, Prices(input=Decimal(-1)))
    with pytest.raises(InvalidInput, match="taken for a slip"):
        set_price(model.pk, Prices(output=Decimal(10_001)))
    with pytest.raises(InvalidInput, match="Long-context"):
        set_price(model.pk, Prices(long_context_above=1000))
    with pytest.raises(NotFound):
        set_price(uuid7(), CHEAP)
    set_price(model.pk, CHEAP)
    with pytest.raises(InvalidInput, match="before"):
        set_price(model.pk, DEAR, effective_from=timezone.now() - timedelta(days=1))


def test_for_nothing_is_only_what_is_marked_free(model: AIModel) -> None:
    with pytest.raises(InvalidInput, match="Mark the model as free"):
        set_price(model.pk, Prices(cache_read=Decimal(1)))
    with pytest.raises(InvalidInput, match="Mark the model as free"):
        set_price(model.pk, replace(CHEAP, long_context_above=1000, long_context=Prices()))
    assert not model.prices.exists()
    AIModel.objects.filter(pk=model.pk).update(free=True)
    assert set_price(model.pk, Prices()).as_prices() == Prices()


def test_a_price_that_has_not_begun_is_withdrawn_and_the_one_before_goes_on(model: AIModel) -> None:
    now = timezone.now()
    first = set_price(model.pk, CHEAP)
    second = set_price(model.pk, DEAR, effective_from=now + timedelta(days=1))
    third = set_price(model.pk, CHEAP, effective_from=now + timedelta(days=2))
    withdraw_price(second.pk)
    assert list(model.prices.values_list("pk", "effective_to")) == [(third.pk, None), (first.pk, third.effective_from)]
    withdraw_price(third.pk)
    assert list(model.prices.values_list("pk", "effective_to")) == [(first.pk, None)]
    dearer = set_price(model.pk, DEAR)
    assert list(model.prices.values_list("pk", "effective_to")) == [(dearer.pk, None), (first.pk, dearer.effective_from)]


def test_a_price_that_has_begun_stays_and_so_does_the_end_of_one_that_is_over(model: AIModel) -> None:
    first, second = set_price(model.pk, CHEAP), set_price(model.pk, DEAR)
    for begun in (first, second):
        with pytest.raises(Conflict, match="has begun"):
            withdraw_price(begun.pk)
    with pytest.raises(NotFound):
        withdraw_price(uuid7())
    assert model.prices.count() == 2


@pytest.mark.parametrize(
    "broken",
    [{"input": Decimal(-1)}, {"long_context_above": 5}, {"long_input": Decimal(1)}, {"effective_to": timezone.now() - timedelta(days=9)}],
)
def test_the_database_refuses_it_too(model: AIModel, broken: dict[str, object]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        ModelPrice.objects.create(model=model, **broken)


def test_the_database_holds_one_open_price_per_model(model: AIModel) -> None:
    ModelPrice.objects.create(model=model)
    with pytest.raises(IntegrityError), transaction.atomic():
        ModelPrice.objects.create(model=model)
