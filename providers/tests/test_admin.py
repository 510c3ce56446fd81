"""An operator changes the catalogue without touching history."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from providers.models import AIModel, ModelPrice, PriceSource
from providers.selectors.catalogue import forget_catalogue, get_model
from providers.services.load_catalogue import load_catalogue

pytestmark = pytest.mark.django_db
LIST = "/admin/providers/aimodel/"


@pytest.fixture
def model(bare_environment: None) -> AIModel:
    load_catalogue()
    return AIModel.objects.get(model_id="claude-sonnet-5-5")


@pytest.fixture
def operator(client: Client, settings: Settings) -> Client:
    settings.ROOT_URLCONF = "providers.tests.admin_urls"
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    client.force_login(
        get_user_model().objects.create_superuser(email="op@example.org", password="a-long-password-1"),
    )
    return client


def post(operator: Client, model: AIModel, address: str = "", **given: Any) -> Any:
    """What the change form sends when a price is added below the running one; `free` and `enabled` are the model's."""
    now = timezone.now()
    form = {
        **{name: getattr(model, name) for name in ("name", "provider", "model_id", "context_window", "max_output", "sort")},
        "enabled": given.pop("enabled", "on"),
        "free": given.pop("free", ""),
        "abilities": "tools",
        "prices-TOTAL_FORMS": "1",
        "prices-INITIAL_FORMS": "0",
        "prices-0-model": "" if address else str(model.pk),
        "prices-0-effective_from_0": f"{now:%Y-%m-%d}",
        "prices-0-effective_from_1": f"{now:%H:%M:%S.%f}",
        **{f"prices-0-{name}": "0" for name in ("cache_read", "cache_write_5m", "cache_write_1h")},
        **{f"prices-0-{name}": str(value) for name, value in given.items()},
    }
    return operator.post(f"{LIST}{address or f'{model.pk}/change/'}", form)


def test_a_new_price_closes_the_old(operator: Client, model: AIModel) -> None:
    assert post(operator, model, input="1.25", output="6").status_code == 302
    new, old = model.prices.order_by("-effective_from")
    assert (new.input, new.source, new.effective_to) == (Decimal("1.25"), PriceSource.OPERATOR, None)
    assert (old.input, old.effective_to) == (Decimal(2), new.effective_from)


def test_half_a_long_context_price_is_refused(operator: Client, model: AIModel) -> None:
    page = post(operator, model, input="1", output="2", long_input="3")
    assert "Fill in all long-context fields" in page.content.decode()
    assert model.prices.count() == 1


def test_a_price_before_the_running_one_is_refused(operator: Client, model: AIModel) -> None:
    page = post(operator, model, input="1", output="2", effective_from_0="2020-01-01")
    assert "The running price began" in page.content.decode()
    assert model.prices.count() == 1


@pytest.mark.parametrize("price", ["-1", "10000.01"])
def test_a_negative_or_absurd_price_is_refused_in_words(operator: Client, model: AIModel, price: str) -> None:
    page = post(operator, model, input=price, output="2")
    assert page.status_code == 200
    assert ("greater than or equal to 0" if price == "-1" else "more than 10,000 is taken for a slip") in page.content.decode()
    assert model.prices.count() == 1


def test_nothing_is_for_nothing_because_a_field_was_left_out(operator: Client, model: AIModel) -> None:
    fields = re.findall(
        r'<input[^>]* name="prices-__prefix__-(?:in|out|cache)[^>]*>', operator.get(f"{LIST}{model.pk}/change/").content.decode()
    )
    assert len(fields) == 5
    assert [field for field in fields if "value=" in field] == []
    for given in ({"input": "6", "output": ""}, {"input": "", "output": "6"}, {"input": "0", "output": "0", "cache_read": "1"}):
        assert post(operator, model, **given).status_code == 200
    assert model.prices.count() == 1
    AIModel.objects.filter(pk=model.pk).update(free=True)
    assert post(operator, model, input="0", output="0").status_code == 200, "the same page takes the mark away"
    assert post(operator, model, input="0", output="0", free="on").status_code == 302


@pytest.mark.parametrize(("price", "status"), [("0", 200), ("3", 302)])
def test_a_new_model_comes_with_its_price(operator: Client, model: AIModel, price: str, status: int) -> None:
    model.model_id = "new"
    assert post(operator, model, "add/", input=price, output=price, enabled="").status_code == status
    assert list(ModelPrice.objects.filter(model__model_id="new").values_list("input", flat=True)) == [Decimal(3)] * (status == 302)


def test_a_cache_price_that_is_left_out_is_that_of_input(operator: Client, model: AIModel) -> None:
    assert post(operator, model, input="1.25", output="6", cache_read="0.1", cache_write_5m="", cache_write_1h="").status_code == 302
    new = model.prices.get(effective_to=None)
    assert (new.cache_read, new.cache_write_5m, new.cache_write_1h) == (Decimal("0.1"), Decimal("1.25"), Decimal("1.25"))


def test_a_price_that_has_not_begun_is_withdrawn_from_the_list_to_begin_another_before_it(operator: Client, model: AIModel) -> None:
    assert post(operator, model, input="7", output="8", effective_from_0="2999-01-01").status_code == 302
    assert "2 / 10" in operator.get(f"{LIST}?q={model.model_id}").content.decode(), "what holds now"
    assert "take it back in the list of prices" in post(operator, model, input="1", output="2").content.decode()
    chosen = {"action": "withdraw", "_selected_action": [str(price.pk) for price in model.prices.all()]}
    said = operator.post("/admin/providers/modelprice/", chosen, follow=True).content.decode()
    assert "7.000000 in, 8.000000 out (USD per million tokens): withdrawn." in said
    assert "This price has begun" in said
    assert post(operator, model, input="1", output="2").status_code == 302
    assert list(model.prices.values_list("input", flat=True)) == [Decimal(1), Decimal(2)]


def test_a_price_of_nothing_enables_no_model(operator: Client, model: AIModel) -> None:
    AIModel.objects.filter(pk=model.pk).update(enabled=False)
    model.prices.all().delete()
    ModelPrice.objects.create(model=model)
    row = {"form-0-id": str(model.pk), "form-0-enabled": "on", "form-0-sort": "1", "_save": "Save"}
    listed = operator.post(f"{LIST}?q={model.model_id}", row | {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "1"})
    assert "Nothing says what this model costs" in listed.content.decode()
    assert not AIModel.objects.get(pk=model.pk).enabled


def test_a_model_without_a_price_is_enabled_only_as_free(operator: Client, model: AIModel) -> None:
    model.prices.all().delete()
    AIModel.objects.filter(pk=model.pk).update(enabled=False)
    form = {
        **{name: getattr(model, name) for name in ("name", "provider", "model_id", "context_window", "max_output", "sort")},
        **{"enabled": "on", "abilities": "tools", "prices-TOTAL_FORMS": "0", "prices-INITIAL_FORMS": "0"},
    }
    page = operator.post(f"{LIST}{model.pk}/change/", form)
    assert "Nothing says what this model costs" in page.content.decode()
    row = {"form-0-id": str(model.pk), "form-0-enabled": "on", "form-0-sort": "1", "_save": "Save"}
    listed = operator.post(f"{LIST}?q={model.model_id}", row | {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "1"})
    assert "Nothing says what this model costs" in listed.content.decode()
    assert not AIModel.objects.get(pk=model.pk).enabled
    assert operator.post(f"{LIST}{model.pk}/change/", form | {"free": "on"}).status_code == 302
    assert AIModel.objects.get(pk=model.pk).enabled


def test_a_saved_price_has_no_field_and_nothing_has_a_delete_button(operator: Client, model: AIModel) -> None:
    page = operator.get(f"{LIST}{model.pk}/change/").content.decode()
    assert 'name="prices-0-input"' not in page
    assert "deletelink" not in page
    assert operator.get(f"{LIST}{model.pk}/delete/").status_code == 403
    price = model.prices.get()
    assert operator.post(f"/admin/providers/modelprice/{price.pk}/change/", {"input": "0"}).status_code == 403
    assert operator.get("/admin/providers/modelprice/").status_code == 200
    assert operator.get("/admin/providers/modelprice/add/").status_code == 403


def test_the_list_says_what_it_costs_and_whether_it_can_answer(operator: Client, model: AIModel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "k")
    AIModel.objects.get(model_id="o3").prices.all().delete()
    page = operator.get(LIST).content.decode()
    assert "2 / 10" in page
    assert "0.1 / 0.5" in page
    assert "none: not offered" in page
    assert page.count("icon-yes.svg") > page.count("icon-yes.svg", 0, page.index("GPT"))


def test_a_change_is_seen_at_once(operator: Client, model: AIModel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "k")
    forget_catalogue()
    assert get_model(model.key).name == "Claude Sonnet 5.5"
    model.name = "Our Claude"
    post(operator, model, input="1", output="2")
    assert get_model(model.key).name == "Our Claude"
