"""The models this product ships (`catalogue.json`), as typed values. Money never passes through a float: prices are strings there."""

from __future__ import annotations

import datetime
import json
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from providers.types import Prices, Provider

_FILE = Path(__file__).with_name("catalogue.json")

# An OpenAI-compatible server does not say how much its models hold; an operator can correct it in the admin.
COMPATIBLE_CONTEXT_WINDOW = 32_768
COMPATIBLE_MAX_OUTPUT = 8_192
COMPATIBLE_SORT = 600


@dataclass(frozen=True, slots=True)
class ShippedModel:
    """One model as shipped. `enabled` holds for a new row only; an operator's choice is never undone."""

    provider: Provider
    model_id: str
    name: str
    context_window: int
    max_output: int
    abilities: tuple[str, ...]
    prices: Prices
    enabled: bool
    sort: int
    note: str = ""
    free: bool = False
    retires_on: datetime.date | None = None


def shipped_models() -> tuple[ShippedModel, ...]:
    """Every model of `catalogue.json`, in its order."""
    return tuple(_model(row) for row in json.loads(_FILE.read_text(encoding="utf-8"))["models"])


def compatible_model(model_id: str) -> ShippedModel:
    """A model of the operator's own server. What it costs is unknown to us, so it counts as free and says so."""
    return ShippedModel(
        provider=Provider.OPENAI_COMPATIBLE,
        model_id=model_id,
        name=model_id.rpartition("/")[2][:120],
        context_window=COMPATIBLE_CONTEXT_WINDOW,
        max_output=COMPATIBLE_MAX_OUTPUT,
        abilities=(),
        prices=Prices(),
        enabled=True,
        sort=COMPATIBLE_SORT,
        note="Price unknown, counted as free",
        free=True,
    )


def _model(row: dict[str, Any]) -> ShippedModel:
    retires_on = row.get("retires_on")
    return ShippedModel(
        provider=Provider(row["provider"]),
        model_id=row["id"],
        name=row["name"],
        context_window=row["context_window"],
        max_output=row["max_output"],
        abilities=tuple(row["abilities"]),
        prices=_prices(row),
        enabled=row["enabled"],
        sort=row["sort"],
        note=row.get("note", ""),
        free=row.get("free", False),
        retires_on=datetime.date.fromisoformat(retires_on) if retires_on else None,
    )


def _prices(row: dict[str, Any]) -> Prices:
    if "long_prices" not in row:
        return _step(row["prices"])
    return replace(_step(row["prices"]), long_context_above=row["long_context_above"], long_context=_step(row["long_prices"]))


def _step(amounts: list[str]) -> Prices:
    given, output, cache_read, cache_write_5m, cache_write_1h = map(Decimal, amounts)
    return Prices(given, output, cache_read, cache_write_5m, cache_write_1h)
