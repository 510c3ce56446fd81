"""Columns that several tables of the meter share."""

from __future__ import annotations

import enum
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models

from usage.pricing import COST_DECIMALS, PRICE_DECIMALS

REFERENCE = 255  # length of keys and soft references


def usd(digits: int = 24, **options: Any) -> models.DecimalField[Any, Any]:
    """An exact amount of money: prices have 6 decimals for a million tokens, so a cost has 12."""
    return models.DecimalField(max_digits=digits, decimal_places=COST_DECIMALS, **options)


def price(label: str) -> models.DecimalField[Any, Any]:
    return models.DecimalField(label, max_digits=14, decimal_places=PRICE_DECIMALS, default=0)


def model_keys(help_text: str) -> ArrayField[Any, Any]:
    """Models by key or pattern (`usage.models_of_plans`)."""
    return ArrayField(models.CharField(max_length=160), default=list, blank=True, help_text=help_text)


def choices(states: type[enum.StrEnum]) -> list[tuple[str, str]]:
    return [(state.value, state.value.capitalize()) for state in states]
