"""docs/usage-api.md describes what scripts get: every field and column, and nothing that is not there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import Client

from usage.selectors.export import csv_header
from usage.services import reserve, set_allowance, settle
from usage.tests.builders import call, hold, make_actor

pytestmark = pytest.mark.django_db
DOCUMENT = (settings.BASE_DIR / "docs/usage-api.md").read_text()
FIGURES = {
    "calls": int,
    "tokens": int,
    "fresh_input": int,
    "cache_read": int,
    "cache_write_5m": int,
    "cache_write_1h": int,
    "output": int,
    "reasoning": int,
    "cost_usd": "money",
    "saved_by_caching_usd": "money",
}
ROWS = [{"reference": str, "name": str, **FIGURES}]
SCHEMA = {
    "schema": str,
    "as_of": "time",
    "range": {"name": str, "from": "time", "to": "time", "time_zone": str, "step": str},
    "totals": {**FIGURES, "answers": int, "estimated": FIGURES},
    **{f"by_{what}": ROWS for what in ("model", "provider", "purpose", "conversation", "person")},
    "series": [{"from": "time", "to": "time", **FIGURES, "by_provider": {"anthropic": FIGURES}}],
    "plan": {
        "code": str,
        "name": str,
        "from": "time",
        "resets_at": "time",
        "percent_used": int,
        "tokens": {"limit": int, "used": int, "held": int, "left": int},
        "cost_usd": {"limit": "money", "used": "money", "held": "money", "left": "money"},
    },
    "forecast": {"tokens": int, "cost_usd": "money", "limit_reached": str, "limit_reached_at": "time"},
}
_TEXTS = {"money": re.compile(r"-?\d+\.\d{12}"), "time": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")}


@pytest.fixture
def document() -> dict[str, Any]:
    actor = make_actor()
    set_allowance(actor.workspace_id, plan_code="t", plan_name="Tester", version=1, tokens_per_period=1000, cost_per_period=Decimal(1))
    reserve(hold(actor.workspace_id, 10))
    settle(None, call(actor.workspace_id, output=1000, user_id=actor.user_id))
    client = Client()
    client.force_login(get_user_model().objects.get(id=actor.user_id))
    body: dict[str, Any] = client.get("/usage/summary.json?range=today").json()
    return body


def _faults(value: Any, schema: Any, path: str = "") -> Iterator[str]:
    if isinstance(schema, list):
        assert isinstance(value, list), path
        for number, one in enumerate(value):
            yield from _faults(one, schema[0], f"{path}[{number}]")
    elif isinstance(schema, dict):
        if path.endswith("by_provider") and not value:
            return
        if set(value) != set(schema):
            yield f"{path}: {sorted(set(value) ^ set(schema))}"
            return
        for name, part in schema.items():
            yield from _faults(value[name], part, f"{path}.{name}")
    elif isinstance(schema, str):
        if not _TEXTS[schema].fullmatch(str(value)):
            yield f"{path}: {value!r} is no {schema}"
    elif type(value) is not schema:
        yield f"{path}: {value!r} is no {schema.__name__}"


def test_the_statistics_have_the_fields_and_types_that_are_promised(document: dict[str, Any]) -> None:
    assert list(_faults(document, SCHEMA)) == []
    assert document["schema"] == "usage-summary/1"
    assert sum(len(document[f"by_{what}"]) for what in ("model", "provider", "purpose", "conversation", "person")) == 5


def _names(schema: Any) -> Iterator[str]:
    if isinstance(schema, list):
        yield from _names(schema[0])
    elif isinstance(schema, dict):
        for name, part in schema.items():
            yield name
            yield from _names(part)


def test_each_of_them_stands_in_the_document() -> None:
    words = set(re.findall(r"\w+", DOCUMENT))
    assert set(_names(SCHEMA)) - words - {"anthropic"} == set()


def test_the_columns_of_exports_are_those_of_the_document_in_this_order() -> None:
    columns = DOCUMENT.partition("Columns: ")[2].partition(". Prices are")[0]
    assert re.findall(r"`(\w+)`", columns) == csv_header().decode().strip().split(",")
