"""Prices are closed and replaced, never edited."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from core.exceptions import InvalidInput, NotFound
from providers.models import HIGHEST_PRICE, AIModel, ModelPrice, PriceSource
from providers.selectors.catalogue import forget_catalogue
from providers.types import Prices

FOR_NOTHING = "Neither input nor output would cost anything. Mark the model as free if that is meant."


def set_price(model_id: UUID, prices: Prices, *, effective_from: datetime | None = None, source: str = PriceSource.OPERATOR) -> ModelPrice:
    """From `effective_from` (now, when not given) the model costs `prices`; what held until then is closed at that instant.

    One transaction, one winner: the model's row is locked. Setting the prices that hold already changes nothing and
    returns their row. Raises `NotFound`, and `InvalidInput` for a negative or absurd price, one of nothing where the model is not marked
    as free, or a moment before the last price begins (one that has not begun may be taken back: `withdraw_price`).
    """
    _check(prices)
    with transaction.atomic():
        model = AIModel.objects.select_for_update().filter(pk=model_id).first()
        if model is None:
            raise NotFound("We could not find that model.")
        if not model.free and any(is_for_nothing(step) for step in (prices, prices.long_context) if step):
            raise InvalidInput(FOR_NOTHING)
        begins = effective_from or timezone.now()
        current = ModelPrice.objects.filter(model_id=model_id, effective_to__isnull=True).first()
        if current is not None:
            if current.as_prices() == prices:
                return current
            if begins < current.effective_from:
                raise InvalidInput("A new price cannot begin before the one that it replaces.")
            current.effective_to = begins
            current.save()
        row = ModelPrice(model_id=model_id, effective_from=begins, source=source)
        row.take(prices)
        row.save()
        transaction.on_commit(forget_catalogue)
    return row


def is_for_nothing(prices: Prices) -> bool:
    return not prices.input and not prices.output


def _check(prices: Prices) -> None:
    for step in (prices, prices.long_context):
        if step is None:
            continue
        if min(step.input, step.output, step.cache_read, step.cache_write_5m, step.cache_write_1h) < 0:
            raise InvalidInput("A price cannot be negative.")
        if max(step.input, step.output, step.cache_read, step.cache_write_5m, step.cache_write_1h) > HIGHEST_PRICE:
            raise InvalidInput(f"A price is in USD per million tokens; more than {HIGHEST_PRICE:,} is taken for a slip.")
    if (prices.long_context is None) != (prices.long_context_above is None):
        raise InvalidInput("Long-context prices need the number of input tokens above which they hold, and the other way round.")
