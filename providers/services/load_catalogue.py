"""What this product ships reaches the database, and what an operator changed stays as it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction

from providers.catalogue_data import ShippedModel, compatible_model, shipped_models
from providers.config import compatible_models
from providers.models import AIModel, ModelPrice, PriceSource
from providers.selectors.catalogue import forget_catalogue
from providers.services.set_price import set_price

# Two processes may start at once; the second waits for the first and then finds nothing to do.
_ADVISORY_LOCK = 7_240_117


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load did."""

    added: int
    updated: int
    prices: int


def load_catalogue() -> Loaded:
    """Bring the catalogue up to what is shipped, plus the models of `OPENAI_COMPATIBLE_MODELS`.

    One transaction; idempotent. New models are added. A field of a known model follows the shipped value only while it
    still is what was shipped before; a price is replaced only while the running one was shipped. Models that are
    no longer shipped stay: conversations and the ledger name them.
    """
    shipped = (*shipped_models(), *map(compatible_model, compatible_models()))
    added = updated = prices = 0
    with transaction.atomic():
        _lock()
        known = {(row.provider, row.model_id): row for row in AIModel.objects.all()}
        open_prices = {row.model_id: row for row in ModelPrice.objects.filter(effective_to__isnull=True)}
        for model in shipped:
            row = known.get((model.provider, model.model_id))
            if row is None:
                row = AIModel.objects.create(provider=model.provider, model_id=model.model_id, shipped=_stored(model), **_facts(model))
                added += 1
            else:
                updated += _follow(row, model)
            prices += _price(row, open_prices.get(row.pk), model)
        transaction.on_commit(forget_catalogue)
    return Loaded(added, updated, prices)


def _lock() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ADVISORY_LOCK])


def _facts(model: ShippedModel) -> dict[str, Any]:
    return {
        "name": model.name,
        "context_window": model.context_window,
        "max_output": model.max_output,
        "abilities": list(model.abilities),
        "enabled": model.enabled,
        "sort": model.sort,
        "note": model.note,
        "free": model.free,
        "retires_on": model.retires_on,
    }


def _stored(model: ShippedModel) -> dict[str, Any]:
    """The facts as JSON can hold them."""
    return {**_facts(model), "retires_on": model.retires_on.isoformat() if model.retires_on else None}


def _follow(row: AIModel, model: ShippedModel) -> bool:
    """Let untouched fields follow the shipped ones. True when something changed."""
    new, stored = _facts(model), _stored(model)
    if row.shipped == stored:
        return False
    changed = ["shipped"]
    for name, value in new.items():
        current = getattr(row, name)
        as_stored = current.isoformat() if name == "retires_on" and current else current
        if as_stored == row.shipped.get(name) and current != value:
            setattr(row, name, value)
            changed.append(name)
    row.shipped = stored
    row.save(update_fields=changed)
    return True


def _price(row: AIModel, running: ModelPrice | None, model: ShippedModel) -> bool:
    if running is not None and (running.source != PriceSource.SHIPPED or running.as_prices() == model.prices):
        return False
    set_price(row.pk, model.prices, source=PriceSource.SHIPPED)
    return True
