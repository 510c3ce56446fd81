"""What a crash left behind is found and put right: queued work is handed over again, dead runs are closed."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone

from conversations import live_text
from conversations.context import read_context, system_of
from conversations.estimates import estimate
from conversations.models import Generation
from conversations.services.claim_generation import continued_text
from conversations.services.finish_generation import Charge, Outcome, close_unstarted, finish_generation
from conversations.states import GenerationState
from conversations.worst_case import unit_prices
from core.exceptions import NotFound
from core.jobs import enqueue_on_commit
from providers.selectors.catalogue import model_at
from providers.types import ChatRequest
from usage.services import renew
from usage.types import Confidence

logger = logging.getLogger(__name__)

HEARTBEAT_SECONDS = 4
DEAD_AFTER = timedelta(seconds=15)
ENQUEUE_AGAIN_AFTER = timedelta(seconds=8)
GIVE_UP_AFTER = timedelta(minutes=10)
BATCH = 500

INTERRUPTED_MESSAGE = "The server that wrote this answer stopped unexpectedly. What had arrived is kept; Retry asks again."
NO_WORKER_MESSAGE = "No server was free to write this answer. Nothing was charged; please try again."


@dataclass(frozen=True, slots=True)
class Swept:
    interrupted: int = 0
    enqueued: int = 0
    given_up: int = 0


def sweep_generations(*, now: datetime | None = None) -> Swept:
    """One round, every few seconds by beat. Safe to run anywhere at any time: every step is a compare-and-swap."""
    now = now or timezone.now()
    silent = Generation.objects.filter(state=GenerationState.RUNNING, heartbeat_at__lt=now - DEAD_AFTER).order_by("heartbeat_at")
    interrupted = 0
    if _database_is_up_since(now - DEAD_AFTER):
        interrupted = sum(_interrupt(generation) for generation in silent.select_related("message", "conversation")[:BATCH])
    queued = Generation.objects.filter(state=GenerationState.QUEUED)
    given_up = sum(
        close_unstarted(generation.id, GenerationState.FAILED, "no_worker", NO_WORKER_MESSAGE)
        for generation in queued.filter(created_at__lt=now - GIVE_UP_AFTER)[:BATCH]
    )
    enqueued = sum(_enqueue_again(generation) for generation in queued.filter(enqueued_at__lt=now - ENQUEUE_AGAIN_AFTER)[:BATCH])
    if interrupted or enqueued or given_up:
        logger.warning("Generations were swept", extra={"interrupted": interrupted, "enqueued": enqueued, "given_up": given_up})
    return Swept(interrupted, enqueued, given_up)


def _database_is_up_since(moment: datetime) -> bool:
    """While the database was away nobody could say that they live: their silence begins to count when it is back."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_postmaster_start_time() < %s", [moment])
        return bool(cursor.fetchone()[0])


def _enqueue_again(generation: Generation) -> bool:
    """The job was lost (broker restarted, worker killed before it began). The claim sees to it that it runs once."""
    from conversations.tasks import run_generation

    won = Generation.objects.filter(id=generation.id, state=GenerationState.QUEUED, enqueued_at=generation.enqueued_at).update(
        enqueued_at=timezone.now()
    )
    if won:
        renew([generation.key])
        enqueue_on_commit(run_generation, str(generation.id))
    return bool(won)


def _interrupt(generation: Generation) -> bool:
    """Close a run whose process is gone: keep the longest text known, settle by the best estimate."""
    message = generation.message
    text, reasoning = live_text.read([message.id]).get(message.id, ("", ""))
    text, reasoning = max(text, message.text, key=len), max(reasoning, message.reasoning, key=len)
    produced = text[generation.continued_chars :]
    charge = _charge(generation, produced, reasoning) if produced or reasoning else None
    return finish_generation(
        generation.id,
        Outcome(
            state=GenerationState.INTERRUPTED,
            text=text,
            reasoning=reasoning,
            charge=charge,
            error_code="interrupted",
            error_message=INTERRUPTED_MESSAGE,
            first_token_at=generation.first_token_at,
            reasoning_seconds=generation.reasoning_seconds,
        ),
    )


def _charge(generation: Generation, produced: str, reasoning: str) -> Charge | None:
    """At the prices that held when it began; also of a model that is not offered any more."""
    try:
        model = model_at(generation.model_key, generation.started_at or generation.created_at)
    except NotFound:
        logger.exception("A dead run cannot be priced: its model is gone", extra={"generation_id": str(generation.id)})
        return None
    question_id = generation.message.parent_id
    start_id = generation.context_start or question_id
    messages = read_context(question_id, start_id, continued_text(generation)) if question_id and start_id else ()
    request = ChatRequest(model.provider, model.model_id, messages, generation.max_output_tokens, system_of(generation.conversation))
    return Charge(
        provider=model.provider,
        model=model.model_id,
        buckets=estimate(request, None, produced, reasoning),
        prices=unit_prices(model),
        confidence=Confidence.ESTIMATED,
        provider_call_id=live_text.read_call(generation.message_id),
    )
