"""A worker takes a queued generation: one winner, however many try."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from conversations.context import read_context, system_of
from conversations.models import Generation
from conversations.states import GenerationState
from conversations.worst_case import unit_prices
from core.exceptions import DomainError
from providers.selectors.catalogue import get_model
from providers.types import ChatRequest
from usage.types import UnitPrices


@dataclass(frozen=True, slots=True)
class Job:
    """What a runner needs; `request` is None when the model cannot be called any more, with `error` saying why.

    `continues` is the text of an earlier answer that this one goes on from: it is there before the first word is written.
    """

    generation_id: UUID
    message_id: UUID
    conversation_id: UUID
    hold_key: str
    request: ChatRequest | None
    prices: UnitPrices
    error: DomainError | None = None
    continues: str = ""


@transaction.atomic
def claim_generation(generation_id: UUID) -> Job | None:
    """Move `queued` to `running` (compare-and-swap) and read what is to be sent. None when somebody else has it, or it ended.

    One transaction: a database that goes away in the middle leaves the generation queued, to be handed over again.
    """
    now = timezone.now()
    claimed = Generation.objects.filter(id=generation_id, state=GenerationState.QUEUED, stop_requested_at__isnull=True).update(
        state=GenerationState.RUNNING, started_at=now, heartbeat_at=now
    )
    if not claimed:
        return None
    generation = Generation.objects.select_related("message", "conversation").get(id=generation_id)
    question_id = generation.message.parent_id
    continues = continued_text(generation)
    common = {
        "generation_id": generation.id,
        "message_id": generation.message_id,
        "conversation_id": generation.conversation_id,
        "hold_key": generation.key,
        "continues": continues,
    }
    try:
        model = get_model(generation.model_key)
    except DomainError as error:
        return Job(request=None, prices=UnitPrices(), error=error, **common)  # type: ignore[arg-type]
    request = ChatRequest(
        provider=model.provider,
        model=model.model_id,
        messages=read_context(question_id, generation.context_start or question_id, continues) if question_id else (),
        max_output_tokens=generation.max_output_tokens,
        system=system_of(generation.conversation),
        request_key=str(generation.id),
    )
    return Job(request=request, prices=unit_prices(model), **common)  # type: ignore[arg-type]


def continued_text(generation: Generation) -> str:
    """What was there before this generation began, of the answer that it goes on from. Its message's text always starts with it."""
    return generation.message.text[: generation.continued_chars]
