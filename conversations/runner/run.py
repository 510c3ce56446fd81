"""From a queued generation to a finished answer (DESIGN 4.1)."""

from __future__ import annotations

import asyncio
import logging
from contextlib import aclosing
from uuid import UUID

from django.db import Error as DatabaseError
from psycopg_pool import PoolTimeout

from conversations.estimates import used
from conversations.runner.answer import Answer
from conversations.runner.host import Host, get_host
from conversations.services.claim_generation import Job, claim_generation
from conversations.services.finish_generation import Charge, Outcome, finish_generation
from conversations.states import GenerationState
from core import log
from core.db_pool import in_db
from core.exceptions import DomainError
from providers.services.open_stream import open_stream, read_in_step
from providers.types import CallNamed, ChatRequest, Finish, FinishReason, ReasoningDelta, TextDelta, Usage

logger = logging.getLogger(__name__)

_DATABASE_AWAY = (DatabaseError, PoolTimeout)
# With the database away the answer waits in memory for it; the sweeper cannot take it meanwhile.
_FINISH_RETRY_SECONDS = (0.2, 0.5, 1.0, 2.0, 4.0)
_FINISH_TRIES = 150
UNEXPECTED = "Something went wrong on our side while this answer was written. What had arrived is kept; please try again."
REFUSED = "The model declined to answer this."
EMPTY = "The model ended without an answer. Try again, or choose another model."


async def run_generation(generation_id: UUID) -> None:
    """Claim, stream, finish. Never raises for what a provider does; a lost claim does nothing.

    Part of the host's loop. Idempotent: a second delivery of the same job finds nothing to claim.
    """
    token = log.generation_id.set(str(generation_id))
    try:
        job = await in_db(claim_generation, generation_id)
        if job is None:
            return
        host = get_host()
        answer = Answer(job)
        host.answers[job.generation_id] = answer
        try:
            outcome = await _write(host, answer)
            await host.ticker.flush(answer)
            if outcome is not None:
                await _finish(job, outcome)
        finally:
            host.answers.pop(job.generation_id, None)
    finally:
        log.generation_id.reset(token)


class _Heard:
    """What a stream said besides its text."""

    def __init__(self) -> None:
        self.usage: Usage | None = None
        self.finish: Finish | None = None


async def _write(host: Host, answer: Answer) -> Outcome | None:
    """Stream the answer; None when the run was lost to the sweeper."""
    if answer.job.request is None:
        return _outcome(answer, _Heard(), GenerationState.FAILED, answer.job.error)
    heard = _Heard()
    # A task of its own, so that a stop can end the call without ending what has to be written afterwards.
    answer.task = asyncio.create_task(_read(host, answer, answer.job.request, heard))
    try:
        await answer.task
    except asyncio.CancelledError:
        if answer.lost:
            logger.error("This run was taken for dead; its text is left to the sweeper")
            return None
        if not answer.stop_requested:
            raise
        return _outcome(answer, heard, GenerationState.STOPPED)
    except DomainError as error:
        return _outcome(answer, heard, GenerationState.FAILED, error)
    except Exception:
        logger.exception("A generation failed unexpectedly")
        return _outcome(answer, heard, GenerationState.FAILED, DomainError(UNEXPECTED, code="unexpected"))
    if heard.finish is not None and heard.finish.reason == FinishReason.REFUSAL and not answer.size:
        return _outcome(answer, heard, GenerationState.FAILED, DomainError(heard.finish.detail or REFUSED, code="refused"))
    if not answer.text:
        return _outcome(answer, heard, GenerationState.FAILED, DomainError(EMPTY, code="empty_answer"))
    return _outcome(answer, heard, GenerationState.COMPLETED)


async def _read(host: Host, answer: Answer, request: ChatRequest, heard: _Heard) -> None:
    mark = host.ticker.mark
    read_in_step(host.ticker.pace)
    async with aclosing(open_stream(request)) as events:
        async for event in events:
            if type(event) is TextDelta:
                answer.add_text(event.text)
                mark(answer, at_once=answer.size == 1)
            elif type(event) is ReasoningDelta:
                answer.add_reasoning(event.text)
                mark(answer, at_once=answer.size == 1)
            elif type(event) is Usage:
                heard.usage = event
            elif type(event) is Finish:
                heard.finish = event
            elif type(event) is CallNamed:
                answer.call_id = event.id


def _outcome(answer: Answer, heard: _Heard, state: GenerationState, error: DomainError | None = None) -> Outcome:
    return Outcome(
        state=state,
        text=answer.text,
        reasoning=answer.reasoning,
        charge=_charge(answer, heard),
        finish_reason=heard.finish.reason if heard.finish else "",
        error_code=error.code if error else "",
        error_message=error.message if error else "",
        first_token_at=answer.first_token_at,
        reasoning_seconds=answer.reasoning_seconds,
    )


def _charge(answer: Answer, heard: _Heard) -> Charge | None:
    """Reported usage where there is a final report, our estimate where something was produced, else nothing."""
    request, usage = answer.job.request, heard.usage
    if request is None:
        return None
    if not answer.size and not (usage is not None and usage.final):
        return None
    buckets, confidence = used(request, usage, answer.produced, answer.reasoning)
    return Charge(
        provider=request.provider,
        model=request.model,
        buckets=buckets,
        prices=answer.job.prices,
        confidence=confidence,
        raw_usage=usage.raw if usage else {},
        provider_call_id=answer.call_id,
    )


async def _finish(job: Job, outcome: Outcome) -> None:
    """Write the end; with the database away, keep trying: the answer is in memory and must not be lost."""
    for attempt in range(_FINISH_TRIES):
        try:
            if not await in_db(finish_generation, job.generation_id, outcome):
                logger.error("The generation had been closed by somebody else")
            return
        except _DATABASE_AWAY as error:
            logger.warning("The end of a generation could not be written yet", extra={"attempt": attempt, "cause": repr(error)})
            await asyncio.sleep(_FINISH_RETRY_SECONDS[min(attempt, len(_FINISH_RETRY_SECONDS) - 1)])
    logger.error("The end of a generation could not be written; the sweeper will close it from its checkpoint")
