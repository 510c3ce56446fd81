"""The shipped catalogue reaches the database, and an operator's changes survive every load."""

from __future__ import annotations

import dataclasses
from decimal import Decimal

import pytest
from django.core.management import call_command

from providers import catalogue_data
from providers.models import AIModel, ModelPrice, PriceSource
from providers.services import load_catalogue as module
from providers.services.load_catalogue import load_catalogue
from providers.services.set_price import set_price
from providers.types import Prices, Provider

pytestmark = pytest.mark.django_db


def model(model_id: str = "claude-sonnet-5-5") -> AIModel:
    return AIModel.objects.get(model_id=model_id)


def ship(monkeypatch: pytest.MonkeyPatch, **changes: object) -> None:
    """The next release ships Claude Sonnet 5.5 with other facts."""
    shipped = [
        dataclasses.replace(m, **changes) if m.model_id == "claude-sonnet-5-5" else m  # type: ignore[arg-type]
        for m in catalogue_data.shipped_models()
    ]
    monkeypatch.setattr(module, "shipped_models", lambda: tuple(shipped))


def test_a_first_load_brings_every_model_with_one_open_price() -> None:
    load_catalogue()
    shipped = catalogue_data.shipped_models()
    assert AIModel.objects.count() == len(shipped) == ModelPrice.objects.filter(effective_to__isnull=True).count()
    for wanted in shipped:
        row = AIModel.objects.get(provider=wanted.provider, model_id=wanted.model_id)
        assert row.prices.get().as_prices() == wanted.prices


def test_a_dozen_models_of_the_three_providers_are_switched_on() -> None:
    load_catalogue()
    on = AIModel.objects.filter(enabled=True).exclude(provider__in=[Provider.LOCAL, Provider.SCRIPTED])
    assert on.count() == 12
    assert {row.provider for row in on} == {"anthropic", "openai", "gemini"}


def test_a_second_load_changes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    load_catalogue()
    call_command("load_catalogue")
    assert "0 added, 0 updated, 0 prices set" in capsys.readouterr().out


def test_an_operators_choices_survive_a_load(monkeypatch: pytest.MonkeyPatch) -> None:
    load_catalogue()
    AIModel.objects.filter(model_id="claude-sonnet-5-5").update(name="Our Claude", enabled=False)
    set_price(model().pk, Prices(input=Decimal("1.5"), output=Decimal(9)))
    ship(monkeypatch, name="Claude Sonnet", enabled=True, context_window=2_000_000, prices=Prices(input=Decimal(3)))
    load_catalogue()
    row = model()
    assert (row.name, row.enabled) == ("Our Claude", False)
    assert row.prices.get(effective_to__isnull=True).input == Decimal("1.5")
    assert row.context_window == 2_000_000, "a fact nobody edited follows the release"


def test_a_new_shipped_price_replaces_a_shipped_one_and_keeps_it_as_history(monkeypatch: pytest.MonkeyPatch) -> None:
    load_catalogue()
    ship(monkeypatch, prices=Prices(input=Decimal("1.75"), output=Decimal(8)))
    load_catalogue()
    new, old = model().prices.order_by("-effective_from")
    assert (new.input, new.effective_to, new.source) == (Decimal("1.75"), None, PriceSource.SHIPPED)
    assert (old.input, old.effective_to) == (Decimal(2), new.effective_from)


def test_models_of_the_operators_own_server_are_added_as_free(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_COMPATIBLE_MODELS", "qwen3:8b, org/llama-3 , qwen3:8b")
    load_catalogue()
    rows = AIModel.objects.filter(provider=Provider.OPENAI_COMPATIBLE)
    assert {row.key for row in rows} == {"openai_compatible:qwen3:8b", "openai_compatible:org/llama-3"}
    assert all(row.free and "unknown" in row.note for row in rows)


def test_no_shipped_price_went_through_a_float_and_long_context_is_never_cheaper() -> None:
    for shipped in catalogue_data.shipped_models():
        step = shipped.prices.long_context
        for bucket in ("input", "output", "cache_read", "cache_write_5m", "cache_write_1h"):
            price = getattr(shipped.prices, bucket)
            assert price == price.quantize(Decimal("0.000001"))
            assert step is None or getattr(step, bucket) >= price
