"""Doors for jobs."""

from __future__ import annotations

from uuid import UUID

from celery import shared_task


@shared_task(name="conversations.run_generation")
def run_generation(generation_id: str) -> None:
    """Write one answer (queue `generations`). A second delivery changes nothing."""
    from conversations.runner.host import get_host
    from conversations.runner.run import run_generation as run

    get_host().run(run(UUID(generation_id)))


@shared_task(name="conversations.make_title")
def make_title(conversation_id: str) -> None:
    """Let a cheap model name a conversation (queue `generations`)."""
    from conversations.runner.host import get_host
    from conversations.runner.title import make_title as make

    get_host().run(make(UUID(conversation_id)))


@shared_task(name="conversations.sweep_generations")
def sweep_generations() -> None:
    """Put right what a crash left behind; every few seconds."""
    from conversations.services.sweep_generations import sweep_generations as sweep

    sweep()
