"""The life of a generation, as data. Every move is a compare-and-swap; a move that is not listed is refused."""

from __future__ import annotations

from django.db import models


class GenerationState(models.TextChoices):
    QUEUED = "queued", "Queued"
    RUNNING = "running", "Running"
    COMPLETED = "completed", "Completed"
    STOPPED = "stopped", "Stopped"
    FAILED = "failed", "Failed"
    INTERRUPTED = "interrupted", "Interrupted"


S = GenerationState
MOVES: dict[GenerationState, frozenset[GenerationState]] = {
    # Stopped before a worker took it; failed when no worker came; interrupted never: nothing was running.
    S.QUEUED: frozenset({S.RUNNING, S.STOPPED, S.FAILED}),
    S.RUNNING: frozenset({S.COMPLETED, S.STOPPED, S.FAILED, S.INTERRUPTED}),
    S.COMPLETED: frozenset(),
    S.STOPPED: frozenset(),
    S.FAILED: frozenset(),
    S.INTERRUPTED: frozenset(),
}
LIVE = (S.QUEUED, S.RUNNING)


def allowed(old: str, new: str) -> bool:
    """Whether a generation in state `old` may become `new`."""
    return GenerationState(new) in MOVES[GenerationState(old)]
