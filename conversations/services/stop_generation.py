"""Stop an answer, from any device. What was produced is kept and paid."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.types import Actor
from conversations.exceptions import MessageNotFound
from conversations.models import Generation, SignalKind
from conversations.selectors.access import get_message
from conversations.selectors.messages import generation_of
from conversations.services.finish_generation import close_unstarted
from conversations.services.signals import note_signal
from conversations.states import LIVE, GenerationState


def stop_generation(actor: Actor, conversation_id: UUID, message_id: UUID) -> None:
    """Ask the answer to stop; a queued one is stopped at once. Stopping what has ended changes nothing.

    A flag in the database, which the runner honours within 300 ms. Raises `MessageNotFound`.
    """
    generation = generation_of(get_message(actor, conversation_id, message_id))
    if generation is None:
        raise MessageNotFound
    if _stop(generation):
        note_signal(actor, generation, SignalKind.STOPPED)


def stop_all(conversation_ids: Collection[UUID], *, among: Collection[UUID] | None = None) -> None:
    """Stop every live answer of these conversations, or those among these messages."""
    generations = Generation.objects.filter(conversation_id__in=list(conversation_ids), state__in=LIVE)
    for generation in generations if among is None else generations.filter(message_id__in=list(among)):
        _stop(generation)


def _stop(generation: Generation) -> bool:
    """Whether this is what stops it."""
    with transaction.atomic():
        asked = Generation.objects.filter(id=generation.id, state__in=LIVE, stop_requested_at__isnull=True).update(
            stop_requested_at=timezone.now()
        )
    close_unstarted(generation.id, GenerationState.STOPPED)
    return bool(asked)
