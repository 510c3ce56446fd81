"""The end of a generation: text, state, ledger and news in one transaction."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from conversations import events, live_text
from conversations.models import Conversation, Generation, Message, TitleSource
from conversations.rendering import render
from conversations.selectors.conversations import row
from conversations.selectors.messages import view_messages
from conversations.services.index_messages import index_soon_on_commit
from conversations.services.turns import bump
from conversations.states import GenerationState, allowed
from core.jobs import enqueue_on_commit
from realtime.services import publish_on_commit
from realtime.types import LiveEvent
from usage.services import release, settle
from usage.types import Call, Confidence, Purpose, TokenBuckets, UnitPrices

TITLE_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class Charge:
    """What is known about the provider call, for the ledger. No charge at all: the call produced nothing."""

    provider: str
    model: str
    buckets: TokenBuckets
    prices: UnitPrices
    confidence: Confidence
    raw_usage: dict[str, Any] = field(default_factory=dict)
    provider_call_id: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a generation ended. `text` and `reasoning` are everything that was produced."""

    state: GenerationState
    text: str
    reasoning: str = ""
    charge: Charge | None = None
    finish_reason: str = ""
    error_code: str = ""
    error_message: str = ""
    first_token_at: datetime | None = None
    reasoning_seconds: float | None = None


def finish_generation(generation_id: UUID, outcome: Outcome) -> bool:
    """Move `running` to the outcome's state; write text, settle the hold and append the ledger row in the same transaction.

    Compare-and-swap: False, and nothing written, when the generation is no longer running (the sweeper was faster).
    Publishes the final message and the sidebar row. Raises what the database raises; calling again is safe.
    """
    return close_generation(generation_id, GenerationState.RUNNING, outcome)


def close_unstarted(generation_id: UUID, state: GenerationState, error_code: str = "", error_message: str = "") -> bool:
    """End a generation that no worker has taken: `queued` to `stopped` or `failed`. Its hold is released.

    Compare-and-swap: False when a worker has it.
    """
    waiting = Message.objects.filter(generation=generation_id, generation__state=GenerationState.QUEUED)
    text = waiting.values_list("text", flat=True).first()  # empty, or the earlier answer that it was to go on from
    if text is None:
        return False
    return close_generation(
        generation_id, GenerationState.QUEUED, Outcome(state=state, text=text, error_code=error_code, error_message=error_message)
    )


def close_generation(generation_id: UUID, old: GenerationState, outcome: Outcome) -> bool:
    """Move `old` to the outcome's state, with everything that belongs to it. Raises `ValueError` for a move that `states.MOVES` lacks."""
    if not allowed(old, outcome.state):
        raise ValueError(f"A generation cannot move from {old} to {outcome.state}.")
    html = render(outcome.text) if outcome.text else ""
    with transaction.atomic():
        # Lock order everywhere: conversation, then generation, then the meter.
        generation = Generation.objects.select_related("message").filter(id=generation_id, state=old).first()
        if generation is None:
            return False
        conversation = Conversation.objects.select_for_update(of=("self",)).get(id=generation.conversation_id)
        if not _swap(generation, old, outcome):
            return False
        message = generation.message
        message.text, message.html, message.reasoning = outcome.text, html, outcome.reasoning
        message.text_chars, message.text_bytes = len(outcome.text), len(outcome.text.encode())
        message.save(update_fields=["text", "html", "reasoning", "text_chars", "text_bytes"])
        conversation.answered_at = generation.finished_at
        bump(conversation, "answered_at")
        _settle(generation, outcome)
        _announce(conversation, message, generation, outcome)
    return True


def _swap(generation: Generation, old: GenerationState, outcome: Outcome) -> bool:
    changes: dict[str, Any] = {
        "state": outcome.state,
        "finished_at": timezone.now(),
        "first_token_at": outcome.first_token_at,
        "reasoning_seconds": outcome.reasoning_seconds,
        "finish_reason": outcome.finish_reason,
        "error_code": outcome.error_code[:40],
        "error_message": outcome.error_message,
    }
    if Generation.objects.filter(id=generation.id, state=old).update(**changes) != 1:
        return False
    for name, value in changes.items():
        setattr(generation, name, value)
    return True


def _settle(generation: Generation, outcome: Outcome) -> None:
    charge = outcome.charge
    if charge is None:
        release(generation.key)
        return
    settled = settle(
        generation.key,
        Call(
            key=generation.key,
            workspace_id=generation.workspace_id,
            user_id=generation.user_id,
            source=generation.key,
            subject=f"conversation:{generation.conversation_id}",
            purpose=Purpose.CHAT,
            provider=charge.provider,
            model=charge.model,
            buckets=charge.buckets,
            prices=charge.prices,
            confidence=charge.confidence,
            raw_usage=charge.raw_usage,
            provider_call_id=charge.provider_call_id,
        ),
    )
    record_charge(generation, charge, settled.cost)


def record_charge(generation: Generation, charge: Charge, cost: Decimal) -> None:
    """Copy the ledger's figures to the generation, where the page under the answer reads them."""
    generation.input_tokens, generation.output_tokens = charge.buckets.input_total, charge.buckets.output
    generation.cost, generation.confidence = cost, charge.confidence
    Generation.objects.filter(id=generation.id).update(
        input_tokens=generation.input_tokens, output_tokens=generation.output_tokens, cost=cost, confidence=charge.confidence
    )


def _announce(conversation: Conversation, message: Message, generation: Generation, outcome: Outcome) -> None:
    from conversations.tasks import make_title

    message.generation = generation
    message.refresh_from_db(fields=["deleted_at"])
    if conversation.deleted_at is None:
        publish_on_commit(
            _news(conversation, message),
            events.item_event(conversation.owner_id, row(conversation)),
        )
        if _wants_title(conversation, outcome):
            enqueue_on_commit(make_title, str(conversation.id), f"title:{generation.id}")
    index_soon_on_commit(message.id, message.parent_id)
    transaction.on_commit(lambda: live_text.forget(message.id))


def _news(conversation: Conversation, message: Message) -> LiveEvent:
    if message.deleted_at is not None:
        return events.changed_event(conversation.id, conversation.revision)
    (view,) = view_messages([message])
    return events.message_event(view, conversation.revision)


def _wants_title(conversation: Conversation, outcome: Outcome) -> bool:
    """After the first answer; where that gave none, after the next two. Then the first words stay."""
    if outcome.state != GenerationState.COMPLETED or conversation.title_source != TitleSource.FALLBACK:
        return False
    return conversation.generations.filter(state=GenerationState.COMPLETED).count() <= TITLE_ATTEMPTS
