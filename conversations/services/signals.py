"""What people do with answers, kept for analytics."""

from __future__ import annotations

from accounts.types import Actor
from conversations.models import AnswerSignal, Generation, SignalKind


def note_signal(actor: Actor, generation: Generation | None, kind: SignalKind) -> None:
    """Add that the actor did this with the answer of the generation. Part of the caller's transaction."""
    if generation is not None:
        AnswerSignal.objects.create(generation=generation, workspace_id=actor.workspace_id, user_id=actor.user_id, kind=kind)
