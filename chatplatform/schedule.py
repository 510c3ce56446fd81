"""The periodic jobs of all apps, as rows that operators can see and change in the admin."""

from __future__ import annotations

from datetime import time

from django_celery_beat.models import CrontabSchedule, IntervalSchedule, PeriodicTask

from accounts.schedules import SCHEDULE as ACCOUNTS
from conversations.schedules import SCHEDULE as CONVERSATIONS
from notifications.schedules import SCHEDULE as NOTIFICATIONS
from usage.schedules import SCHEDULE as USAGE

_DAY = 24 * 60 * 60
HOUSE: dict[str, tuple[str, int | time]] = {
    "Forget sessions that have ended": ("chatplatform.clear_sessions", _DAY),
}


def install_schedule() -> None:
    """Add the jobs that are missing. What an operator changed (when it runs, switched off) is left alone.

    A job that was installed to run every 24 hours, counted from whenever that was, and has a time of day now, gets that. May be repeated.
    """
    for name, (task, when) in {**HOUSE, **ACCOUNTS, **CONVERSATIONS, **NOTIFICATIONS, **USAGE}.items():
        schedule = _schedule(when)
        row, is_new = PeriodicTask.objects.get_or_create(name=name, defaults={"task": task, **schedule})
        if not is_new and isinstance(when, time) and row.interval == _every(_DAY):
            row.interval, row.crontab = None, schedule["crontab"]
            row.save()


def _schedule(when: int | time) -> dict[str, IntervalSchedule | CrontabSchedule]:
    if isinstance(when, time):
        return {"crontab": _daily(when)}
    return {"interval": _every(when)}


def _every(seconds: int) -> IntervalSchedule:
    return IntervalSchedule.objects.get_or_create(every=seconds, period=IntervalSchedule.SECONDS)[0]


def _daily(at: time) -> CrontabSchedule:
    every_day = {"day_of_week": "*", "day_of_month": "*", "month_of_year": "*"}
    return CrontabSchedule.objects.get_or_create(minute=str(at.minute), hour=str(at.hour), timezone="UTC", **every_day)[0]
