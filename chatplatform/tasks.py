"""Doors for jobs of the house itself."""

from __future__ import annotations

from celery import shared_task
from django.core.management import call_command


@shared_task(name="chatplatform.clear_sessions")
def clear_sessions() -> None:
    """Remove the rows of sessions that have ended; daily."""
    call_command("clearsessions")
