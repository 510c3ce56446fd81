"""What a refusal for want of room leaves behind, although everything else of it is rolled back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal

from django.db import transaction

from accounts.selectors import custom_instructions
from accounts.types import Actor
from conversations.context import size_with_draft
from conversations.exceptions import ContextFull
from conversations.worst_case import SMALLEST_OUTPUT, longest_output, unit_prices
from providers.selectors.catalogue import list_models
from providers.types import ModelInfo
from usage import pricing
from usage.exceptions import QuotaExceeded
from usage.selectors.balance import get_balance
from usage.services import note_refusal

_SMALLEST_QUESTION = "Hi"


@contextmanager
def noting_refusals(actor: Actor) -> Iterator[None]:
    """One transaction for what asks for an answer. After the rollback of a `QuotaExceeded` the meter learns what the smallest call
    needs (`usage.services.note_refusal`): who has less than that left is told that the plan is used up, also by the refusal."""
    try:
        with transaction.atomic():
            yield
    except QuotaExceeded as error:
        if _note(actor):
            raise error.when_used_up() from error
        raise


def _note(actor: Actor) -> bool:
    """Whether the plan is used up, for every model of it. In tokens and in USD, each by the model that needs least."""
    balance, system = get_balance(actor.workspace_id), custom_instructions(actor.user_id)
    needs = [need for model in list_models() if balance.includes(model.key) and (need := _smallest_call(model, system))]
    if not needs:
        return False
    tokens, costs = zip(*needs, strict=True)
    used_up = note_refusal(actor.workspace_id, least_tokens=min(tokens), least_cost=min(costs))
    return used_up and not any(balance.has_room(*need) for need in needs)


def _smallest_call(model: ModelInfo, system: str) -> tuple[int, Decimal] | None:
    """The tokens and USD that are held for a word that begins a conversation; None when the model cannot even read that."""
    output = min(SMALLEST_OUTPUT, longest_output(model))
    try:
        size = size_with_draft(None, None, _SMALLEST_QUESTION, model, system=system, room=model.context_window - output)
    except ContextFull:
        return None
    return size.upper_bound + output, pricing.worst_case(size.upper_bound, output, unit_prices(model))
