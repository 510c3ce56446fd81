"""The periodic jobs of all apps, as rows that operators can see and change in the admin."""

from __future__ import annotations

from django_celery_beat.models import IntervalSchedule, PeriodicTask

from accounts.schedules import SCHEDULE as ACCOUNTS
from conversations.schedules import SCHEDULE as CONVERSATIONS
from notifications.schedules import SCHEDULE as NOTIFICATIONS
from usage.schedules import SCHEDULE as USAGE

HOUSE: dict[str, tuple[str, int]] = {
    "Forget sessions that have ended": ("chatplatform.clear_sessions", 24 * 60 * 60),
}


def install_schedule() -> None:
    """Add the jobs that are missing. What an operator changed (interval, switched off) is left alone."""
    for name, (task, seconds) in {**HOUSE, **ACCOUNTS, **CONVERSATIONS, **NOTIFICATIONS, **USAGE}.items():
        interval, _ = IntervalSchedule.objects.get_or_create(every=seconds, period=IntervalSchedule.SECONDS)
        PeriodicTask.objects.get_or_create(name=name, defaults={"task": task, "interval": interval})
