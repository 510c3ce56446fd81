"""People see the models that can answer, and nothing else."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from core.exceptions import NotFound
from providers.exceptions import ProviderDisabled
from providers.models import AIModel
from providers.selectors.catalogue import cheapest_model, default_model, forget_catalogue, get_model, list_models
from providers.services.load_catalogue import load_catalogue
from providers.services.set_price import set_price
from providers.types import Prices, Provider

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def catalogue(bare_environment: None) -> None:
    load_catalogue()
    forget_catalogue()


def offered() -> set[Provider]:
    return {model.provider for model in list_models()}


def test_a_provider_without_a_key_is_not_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "k")
    monkeypatch.setenv("GEMINI_API_KEY", "k")
    assert offered() == {Provider.ANTHROPIC, Provider.GEMINI}
    with pytest.raises(ProviderDisabled, match="GPT-6 Luna is not offered"):
        get_model("openai:gpt-6-luna")


def test_a_key_in_a_file_counts(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "key").write_text("sk-1\n")
    monkeypatch.setenv("OPENAI_API_KEY_FILE", str(tmp_path / "key"))
    assert offered() == {Provider.OPENAI}


def test_the_local_model_answers_only_where_no_provider_is_configured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOCAL_MODEL_URL", "http://127.0.0.1:9")
    assert offered() == {Provider.LOCAL}
    assert default_model().demo
    monkeypatch.setenv("OPENAI_API_KEY", "k")
    assert offered() == {Provider.OPENAI}


def test_the_scripted_model_is_the_last_resort_or_a_wish(monkeypatch: pytest.MonkeyPatch) -> None:
    assert offered() == {Provider.SCRIPTED}
    monkeypatch.setenv("LOCAL_MODEL_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("LOCAL_MODEL", "off")
    assert offered() == {Provider.SCRIPTED}
    monkeypatch.setenv("OPENAI_API_KEY", "k")
    monkeypatch.setenv("SCRIPTED_MODEL", "on")
    assert offered() == {Provider.OPENAI, Provider.SCRIPTED}


def test_a_model_taken_off_the_own_server_is_not_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_COMPATIBLE_BASE_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("OPENAI_COMPATIBLE_MODELS", "a,b")
    load_catalogue()
    forget_catalogue()
    monkeypatch.setenv("OPENAI_COMPATIBLE_MODELS", "b")
    assert [model.key for model in list_models()] == ["openai_compatible:b"]


@pytest.mark.parametrize("wish", ["claude-opus-5-5", "anthropic:claude-opus-5-5"])
def test_the_default_is_the_operators_wish_while_it_is_offered(monkeypatch: pytest.MonkeyPatch, wish: str) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "k")
    assert default_model().model_id == "claude-sonnet-5-5"
    monkeypatch.setenv("DEFAULT_MODEL", wish)
    assert default_model().model_id == "claude-opus-5-5"
    monkeypatch.delenv("ANTHROPIC_API_KEY")
    assert default_model().provider is Provider.SCRIPTED


def test_the_cheapest_model_is_found_by_price(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ANTHROPIC_API_KEY", "OPENAI_API_KEY", "GEMINI_API_KEY"):
        monkeypatch.setenv(name, "k")
    assert cheapest_model().prices.input == Decimal("0.1")


def test_a_disabled_or_retired_model_is_not_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "k")
    AIModel.objects.filter(model_id="claude-sonnet-5-5").update(enabled=False)
    AIModel.objects.filter(model_id="claude-opus-5-5").update(retires_on=timezone.now().date())
    forget_catalogue()
    assert {model.model_id for model in list_models()} == {"claude-haiku-5-5", "claude-fable-5-1"}
    with pytest.raises(NotFound):
        get_model("anthropic:claude-9")


def test_what_another_process_offers_since_this_one_looked_can_be_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "k")
    AIModel.objects.filter(model_id="claude-sonnet-5-5").update(enabled=False)
    forget_catalogue()
    with pytest.raises(ProviderDisabled):
        get_model("anthropic:claude-sonnet-5-5")
    AIModel.objects.filter(model_id="claude-sonnet-5-5").update(enabled=True)
    assert get_model("anthropic:claude-sonnet-5-5").model_id == "claude-sonnet-5-5"


def test_a_price_of_tomorrow_does_not_hold_today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "k")
    row = AIModel.objects.get(model_id="claude-sonnet-5-5")
    set_price(row.pk, Prices(input=Decimal(99)), effective_from=timezone.now() + timedelta(days=1))
    forget_catalogue()
    assert get_model(row.key).prices.input == Decimal(2)


def test_without_any_model_the_error_says_what_to_do() -> None:
    AIModel.objects.all().delete()
    forget_catalogue()
    for question in (default_model, cheapest_model):
        with pytest.raises(ProviderDisabled, match="operator"):
            question()


def test_a_request_costs_no_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(2):
        list_models()
    with django_assert_num_queries(0):
        default_model()
