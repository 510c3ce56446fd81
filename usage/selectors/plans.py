"""What the plans have to offer."""

from __future__ import annotations

from collections.abc import Iterable

from usage.models import Plan
from usage.models_of_plans import includes


def plans_with(model_keys: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """For each model the names of the public plans that include it, in their order. One query."""
    plans = list(Plan.objects.filter(public=True).values_list("name", "model_keys"))
    return {key: tuple(name for name, included in plans if includes(included, key)) for key in model_keys}


def public_plans() -> list[Plan]:
    """What anybody may choose, in its order. One query."""
    return list(Plan.objects.filter(public=True))
