"""`expire_dead_leases`: what a dead runner held comes back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from usage.models import Hold, PendingEntry
from usage.schedules import SCHEDULE
from usage.services import audit, expire_dead_leases, reserve, settle
from usage.tasks import audit_ledger, mail_warnings, roll_up
from usage.tasks import expire_dead_leases as janitor
from usage.tests.builders import call, counters, hold, make_workspace

pytestmark = pytest.mark.django_db


def test_only_holds_whose_lease_is_over_expire() -> None:
    workspace = make_workspace()
    now = timezone.now()
    reserve(hold(workspace, 70, "0.7", key="dead", lease_seconds=10))
    reserve(hold(workspace, 30, "0.3", key="alive", lease_seconds=600))
    assert expire_dead_leases(now=now + timedelta(seconds=60)) == 1
    assert expire_dead_leases(now=now + timedelta(seconds=60)) == 0
    assert counters(workspace) == (0, 30, 0, Decimal("0.3"))
    assert Hold.objects.get(key="dead").state == "expired"
    assert Hold.objects.get(key="alive").closed_at is None


def test_many_workspaces_and_months_in_one_round() -> None:
    workspaces = [make_workspace() for _ in range(3)]
    for month in (1, 2):
        for workspace in workspaces:
            for _ in range(2):
                reserve(hold(workspace), now=datetime(2026, month, 15, tzinfo=UTC))
    assert expire_dead_leases() == 12
    assert audit() == []


def test_an_expired_hold_makes_room_for_others() -> None:
    workspace = make_workspace(tokens=100)
    reserve(hold(workspace, 100, lease_seconds=0))
    expire_dead_leases(now=timezone.now() + timedelta(seconds=1))
    reserve(hold(workspace, 100))


def test_the_jobs_that_beat_is_told_to_run_exist_and_do_their_work(caplog: pytest.LogCaptureFixture) -> None:
    assert {task for task, _ in SCHEDULE.values()} == {janitor.name, audit_ledger.name, roll_up.name, mail_warnings.name}
    workspace = make_workspace()
    reserve(hold(workspace, lease_seconds=-1))
    janitor()
    assert counters(workspace)[1] == 0
    settle(None, call(workspace))
    roll_up()
    assert not PendingEntry.objects.exists()
    audit_ledger()
    assert "differs" not in caplog.text
