"""Doors for jobs. Each calls one service; all are safe to repeat and to run twice at once."""

from __future__ import annotations

from uuid import UUID

from celery import shared_task

from core.jobs import not_stopping


@shared_task(name="accounts.run_export")
def run_export(export_id: str) -> None:
    """Write the file with everything of one person."""
    from accounts.services.run_export import run_export as run

    run(UUID(export_id), not_stopping)


@shared_task(name="accounts.sweep_exports")
def sweep_exports() -> None:
    """Exports whose worker died begin anew; files that are over are deleted."""
    from accounts.services.sweep_exports import sweep_exports as sweep

    sweep()


@shared_task(name="accounts.erase_due_people")
def erase_due_people() -> None:
    """Erase the people whose time of grace is over; every minute."""
    from accounts.services.erase_people import erase_due_people as erase

    erase()


@shared_task(name="accounts.forget_strangers")
def forget_strangers() -> None:
    """Attempts of strangers lose what leads to them after some months; nightly."""
    from accounts.services.forget_strangers import forget_strangers as forget

    forget()
