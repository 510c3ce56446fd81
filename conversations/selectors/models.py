"""The models that somebody can choose from, and which one stands in the composer."""

from __future__ import annotations

from collections.abc import Sequence

from accounts.types import Actor
from conversations.types import ModelChoice
from providers.selectors.catalogue import default_model, list_models
from providers.types import ModelInfo
from usage.selectors.balance import get_balance
from usage.selectors.plans import plans_with


def model_choices(actor: Actor) -> tuple[ModelChoice, ...]:
    """Every model that is offered, also those that the actor's plan has not. One query, two when there are such."""
    models = list_models()
    balance = get_balance(actor.workspace_id)
    excluded = [model.key for model in models if not balance.includes(model.key)]
    plans = plans_with(excluded) if excluded else {}
    return tuple(ModelChoice(model, model.key not in plans, plans.get(model.key, ())) for model in models)


def selected_model(choices: Sequence[ModelChoice], *wanted: str) -> ModelInfo | None:
    """The first of these keys that can be chosen, else the default model, else any; None when there is none at all."""
    possible = {choice.model.key: choice.model for choice in choices if choice.included}
    if not possible:
        return choices[0].model if choices else None
    for key in (*wanted, default_model().key):
        if key in possible:
            return possible[key]
    return next(iter(possible.values()))
