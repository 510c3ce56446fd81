"""Beat's jobs: installed once, an older installation catches up, an operator has the last word."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django_celery_beat.models import CrontabSchedule, IntervalSchedule, PeriodicTask

from chatplatform.schedule import install_schedule

pytestmark = pytest.mark.django_db
AUDIT = "Audit the ledger"


def _rows() -> list[tuple[object, ...]]:
    return list(PeriodicTask.objects.order_by("name").values_list("name", "task", "interval__every", "crontab__hour", "enabled"))


def test_a_start_installs_what_is_missing_and_a_second_one_nothing() -> None:
    install_schedule()
    before = _rows(), CrontabSchedule.objects.count(), IntervalSchedule.objects.count()
    install_schedule()
    assert (_rows(), CrontabSchedule.objects.count(), IntervalSchedule.objects.count()) == before
    assert (AUDIT, "usage.audit_ledger", None, "3", True) in before[0]


def test_the_ledger_is_audited_at_three_at_night_whenever_it_was_audited_last() -> None:
    install_schedule()
    nightly = PeriodicTask.objects.get(name=AUDIT).schedule
    nightly.nowfun = lambda: datetime(2026, 11, 29, 2, 59, tzinfo=UTC)
    assert nightly.is_due(datetime(2026, 11, 28, 23, tzinfo=UTC)) == (False, 60)
    nightly.nowfun = lambda: datetime(2026, 11, 29, 3, 1, tzinfo=UTC)
    assert nightly.is_due(datetime(2026, 11, 28, 23, tzinfo=UTC)).is_due


def test_a_job_that_ran_every_24_hours_gets_its_time_of_day_once() -> None:
    day, _ = IntervalSchedule.objects.get_or_create(every=86400, period=IntervalSchedule.SECONDS)
    PeriodicTask.objects.create(name=AUDIT, task="usage.audit_ledger", interval=day, enabled=False)
    install_schedule()
    row = PeriodicTask.objects.get(name=AUDIT)
    assert row.crontab is not None
    assert (row.interval, row.crontab.hour, row.crontab.minute, str(row.crontab.timezone), row.enabled) == (None, "3", "0", "UTC", False)


def test_what_an_operator_chose_stays() -> None:
    hours, _ = IntervalSchedule.objects.get_or_create(every=6, period=IntervalSchedule.HOURS)
    PeriodicTask.objects.create(name=AUDIT, task="usage.audit_ledger", interval=hours)
    install_schedule()
    row = PeriodicTask.objects.get(name=AUDIT)
    assert (row.interval, row.crontab) == (hours, None)
