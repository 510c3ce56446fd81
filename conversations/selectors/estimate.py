"""What sending a draft would need, before it is sent."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from accounts.selectors import custom_instructions
from accounts.types import Actor
from conversations.context import size_with_draft, system_of
from conversations.exceptions import ContextFull
from conversations.selectors.access import get_conversation
from conversations.system_prompt import joined
from conversations.worst_case import affordable_output, longest_output, unit_prices
from providers.selectors.catalogue import get_model, list_models
from providers.types import ModelInfo
from usage import pricing
from usage.selectors.balance import get_balance
from usage.selectors.ledger import usual_output
from usage.types import Balance, TokenBuckets

USUAL_ANSWER = 400  # tokens, for who has no answers yet
_TRIES = 8  # models that are looked at for one that fits


@dataclass(frozen=True, slots=True)
class Draft:
    """What stands in the composer: below `parent_id` in a conversation, or the beginning of one with this system prompt."""

    text: str
    conversation_id: UUID | None = None
    parent_id: UUID | None = None
    system_prompt: str = ""


@dataclass(frozen=True, slots=True)
class Estimate:
    """The input with everything that is sent along, the likely cost, and what is held until the answer is there. USD, exact."""

    model: ModelInfo
    input_tokens: int
    cost: Decimal
    held_tokens: int
    held_cost: Decimal
    fits: bool  # whether the plan has room for what is held


def estimate(actor: Actor, draft: Draft, model_key: str) -> Estimate:
    """What `draft` would need with this model. Nothing is written, nothing is held.

    Raises `ConversationNotFound`, `ContextFull` and the catalogue's errors.
    """
    return _estimate(
        draft,
        get_model(model_key),
        _system(actor, draft),
        get_balance(actor.workspace_id),
        usual_output(actor.workspace_id) or USUAL_ANSWER,
    )


def another_that_fits(actor: Actor, draft: Draft, model_key: str) -> Estimate | None:
    """With which model of the plan the draft would fit, in the place of this one, which was refused; None without one.

    The best of those that cost no more; and only where the plan does not have this one, also the cheapest of those that cost more.
    """
    balance = get_balance(actor.workspace_id)
    refused = get_model(model_key)
    others = [model for model in list_models() if model.key != model_key and balance.includes(model.key)]
    if balance.includes(model_key):
        others = [model for model in others if _blend(model) <= _blend(refused)]
    system, answer = _system(actor, draft), usual_output(actor.workspace_id) or USUAL_ANSWER
    for model in sorted(others, key=lambda each: _distance(each, refused))[:_TRIES]:
        try:
            found = _estimate(draft, model, system, balance, answer)
        except ContextFull:
            continue
        if found.fits:
            return found
    return None


def _distance(model: ModelInfo, refused: ModelInfo) -> tuple[bool, bool, Decimal, int]:
    """How far a model is from being as good as the refused one; demonstrations are farthest."""
    dearer = _blend(model) - _blend(refused)
    return model.demo, dearer > 0, abs(dearer), model.sort


def _estimate(draft: Draft, model: ModelInfo, system: str, balance: Balance, usual_answer: int) -> Estimate:
    cap = longest_output(model)
    size = size_with_draft(draft.conversation_id, draft.parent_id, draft.text, model, system=system, room=model.context_window - cap)
    prices = unit_prices(model)
    output = affordable_output(balance, model, size.upper_bound, cap)
    held_tokens, held_cost = size.upper_bound + output, pricing.worst_case(size.upper_bound, output, prices)
    fits = balance.has_room(held_tokens, held_cost)
    likely = pricing.cost(TokenBuckets(fresh_input=size.tokens, output=min(usual_answer, cap)), prices)
    return Estimate(model, size.tokens, likely, held_tokens, held_cost, fits)


def _system(actor: Actor, draft: Draft) -> str:
    if draft.conversation_id is not None:
        return system_of(get_conversation(actor, draft.conversation_id))
    return joined(custom_instructions(actor.user_id), draft.system_prompt)


def _blend(model: ModelInfo) -> Decimal:
    return 4 * model.prices.input + model.prices.output
