"""A plan may not include every model."""

from __future__ import annotations

from usage.exceptions import ModelNotIncluded
from usage.selectors.plans import plans_with
from usage.types import Balance


def require_model(balance: Balance, model_key: str, model_name: str) -> None:
    """Raises `ModelNotIncluded`, which names the plans that have it. Asks the database only in order to refuse."""
    if not balance.includes(model_key):
        raise ModelNotIncluded(model_name=model_name, plan_name=balance.plan_name, plans=plans_with([model_key])[model_key])
