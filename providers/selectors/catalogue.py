"""Which models people can choose now, and what they cost."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, Q
from django.utils import timezone

from core.exceptions import NotFound
from providers.config import compatible_models, default_model_wish, read_endpoint, scripted_beside_others
from providers.exceptions import ProviderDisabled
from providers.models import AIModel, ModelPrice
from providers.types import ModelInfo, Prices, Provider

KEEP_SECONDS = 5.0
REAL_PROVIDERS = (Provider.ANTHROPIC, Provider.OPENAI, Provider.GEMINI, Provider.OPENAI_COMPATIBLE)


@dataclass(frozen=True, slots=True)
class _Snapshot:
    """All models of the database with today's prices. Which of them are offered depends on the environment, asked each time."""

    taken_at: float
    models: tuple[tuple[ModelInfo, bool], ...]  # with `enabled`


_snapshot: _Snapshot | None = None


def list_models() -> tuple[ModelInfo, ...]:
    """The models people can choose, best first: enabled, and their provider configured.

    The local model appears only where no provider is configured, the scripted one only where nothing else is left
    (or with `SCRIPTED_MODEL=on`). Rows are kept in this process for `KEEP_SECONDS`, so a request costs no query.
    """
    enabled = [model for model, is_enabled in _read().models if is_enabled]
    configured = {provider for provider in Provider if read_endpoint(provider) is not None}
    on_own_server = compatible_models()
    offered = [
        model
        for model in enabled
        if model.provider in configured
        and not model.demo
        and (model.provider is not Provider.OPENAI_COMPATIBLE or model.model_id in on_own_server)
    ]
    if configured.isdisjoint(REAL_PROVIDERS):
        offered += [model for model in enabled if model.provider is Provider.LOCAL and Provider.LOCAL in configured]
    if not offered or scripted_beside_others():
        offered += [model for model in enabled if model.provider is Provider.SCRIPTED]
    return tuple(offered)


def get_model(key: str) -> ModelInfo:
    """The offered model "<provider>:<model id>". Raises `NotFound` when there is none, `ProviderDisabled` when it is not offered."""
    found = _offered(key)
    if found is None:
        forget_catalogue()  # another process may offer it already, and people ask for what they were shown
        found = _offered(key)
    if found is not None:
        return found
    for model, _ in _read().models:
        if model.key == key:
            raise ProviderDisabled(message=f"{model.name} is not offered here at the moment. Choose another model.")
    raise NotFound("This model does not exist. Choose another one.")


def model_at(key: str, moment: datetime) -> ModelInfo:
    """A model that is known, offered or not, with its prices of that moment: what a call that began then costs. Raises `NotFound`.

    Of a model that had no price yet or none any more, the prices are zero.
    """
    for model, _ in _load(moment, key):
        return model
    raise NotFound("This model does not exist any more.")


def known_name(key: str) -> str:
    """The name of a model that is offered or once was; empty for one that nobody knows."""
    return next((model.name for model, _ in _read().models if model.key == key), "")


def default_model() -> ModelInfo:
    """What a new conversation starts with: `DEFAULT_MODEL` when it is offered, else the first. Raises `ProviderDisabled` without any."""
    offered = _require(list_models())
    wish = default_model_wish()
    return next((model for model in offered if wish and wish in (model.key, model.model_id)), offered[0])


def cheapest_model() -> ModelInfo:
    """The offered model with the lowest price (four parts input to one part output), for titles and summaries.

    A demonstration only when nothing else is offered.
    """
    return min(_require(list_models()), key=lambda model: (model.demo, 4 * model.prices.input + model.prices.output, model.sort))


def model_names() -> dict[str, str]:
    """The name of every model that is known, offered or not, by its key."""
    return {model.key: model.name for model, _ in _read().models}


def forget_catalogue() -> None:
    """Read the catalogue anew at the next question. Called after every change in this process; others follow within `KEEP_SECONDS`."""
    global _snapshot
    _snapshot = None


def _offered(key: str) -> ModelInfo | None:
    return next((model for model in list_models() if model.key == key), None)


def _require(models: tuple[ModelInfo, ...]) -> tuple[ModelInfo, ...]:
    if not models:
        raise ProviderDisabled(message="No model is available. The operator has to add a provider's key or load the model catalogue.")
    return models


def _read() -> _Snapshot:
    global _snapshot
    snapshot = _snapshot
    if snapshot is None or time.monotonic() - snapshot.taken_at > KEEP_SECONDS:
        snapshot = _snapshot = _Snapshot(time.monotonic(), tuple(_load(timezone.now())))
    return snapshot


def _load(now: datetime, key: str = "") -> Iterator[tuple[ModelInfo, bool]]:
    """All models, or the one with this key."""
    provider, _, model_id = key.partition(":")
    rows = AIModel.objects.filter(provider=provider, model_id=model_id) if key else AIModel.objects.all()
    running = ModelPrice.objects.filter(Q(effective_to__isnull=True) | Q(effective_to__gt=now), effective_from__lte=now)
    for row in rows.prefetch_related(Prefetch("prices", running.order_by("-effective_from"), to_attr="running")):
        prices: list[ModelPrice] = row.running
        # Without a price nothing can be billed: such a model is known, but not offered, unless somebody said that it is free.
        offered = row.enabled and (bool(prices) or row.free) and not (row.retires_on and row.retires_on <= now.date())
        yield _info(row, prices[0].as_prices() if prices else Prices()), offered


def _info(row: AIModel, prices: Prices) -> ModelInfo:
    provider = Provider(row.provider)
    return ModelInfo(
        key=row.key,
        provider=provider,
        model_id=row.model_id,
        name=row.name,
        context_window=row.context_window,
        max_output=row.max_output,
        abilities=frozenset(row.abilities),
        prices=prices,
        note=row.note,
        demo=provider in (Provider.LOCAL, Provider.SCRIPTED),
        sort=row.sort,
    )
