"""Doors for jobs."""

from __future__ import annotations

from uuid import UUID

from celery import shared_task

from core.jobs import not_stopping


@shared_task(name="conversations.run_generation")
def run_generation(generation_id: str) -> None:
    """Write one answer (queue `generations`). A second delivery changes nothing."""
    from conversations.runner.host import get_host
    from conversations.runner.run import run_generation as run

    get_host().run(run(UUID(generation_id)))


@shared_task(name="conversations.make_title")
def make_title(conversation_id: str, key: str, instead_of: str | None = None) -> None:
    """Let a cheap model name a conversation (queue `generations`); `key` is that of its hold and its ledger row."""
    from conversations.runner.host import get_host
    from conversations.runner.title import make_title as make

    get_host().run(make(UUID(conversation_id), key, instead_of=instead_of))


@shared_task(name="conversations.sweep_generations")
def sweep_generations() -> None:
    """Put right what a crash left behind; every few seconds."""
    from conversations.services.sweep_generations import sweep_generations as sweep

    sweep()


@shared_task(name="conversations.run_import")
def run_import(job_id: str) -> None:
    """Carry an import on (queue `default`). A second delivery changes nothing."""
    from conversations.services.run_import import run_import as run

    run(UUID(job_id), not_stopping)


@shared_task(name="conversations.render_imported")
def render_imported(user_id: str, workspace_id: str) -> None:
    """Render what an import brought, while nobody waits for it."""
    from accounts.types import Actor
    from conversations.services.render_imported import render_imported as render

    render(Actor(UUID(user_id), UUID(workspace_id)), not_stopping)


@shared_task(name="conversations.sweep_imports")
def sweep_imports() -> None:
    """Imports whose worker died go on; files that nobody needs are deleted."""
    from conversations.services.sweep_imports import sweep_imports as sweep

    sweep()


@shared_task(name="conversations.record_share_views")
def record_share_views() -> None:
    """How often links were read, from Redis into the table."""
    from conversations.services.record_share_views import record_share_views as record

    record()


@shared_task(name="conversations.erase_old_shares")
def erase_old_shares() -> None:
    """What links showed that nobody can read any more."""
    from conversations.services.erase_shares import erase_old_shares as erase

    erase()


@shared_task(name="conversations.index_due")
def index_due() -> None:
    """Make searchable what has just been said."""
    from conversations.services.index_messages import index_due as index

    index()


@shared_task(name="conversations.index_missing")
def index_missing() -> None:
    """Make searchable what no job was told of; every minute."""
    from conversations.services.index_messages import index_missing as index

    index()


@shared_task(name="conversations.erase_conversations")
def erase_conversations() -> None:
    """Remove for good what was deleted long ago, and temporary chats that are over; every minute."""
    from conversations.services.erase_conversations import erase_conversations as erase

    erase()
