"""Jobs of notifications. Each calls one service; all are safe to repeat and to run twice at once."""

from __future__ import annotations

from celery import shared_task

from notifications import services


@shared_task(name="notifications.send_due")
def send_due() -> None:
    """Send what waits: after each `notify()`, and twice a minute what is to be tried again or was lost."""
    services.send_due()
