"""Hundreds of sends against workspaces near their limits, workers killed at random: nobody above, nothing left held, not a cent astray.

`RACE_SENDS` (500) says how many; `RACE_SEED` repeats a run.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
from datetime import timedelta
from urllib.parse import quote
from uuid import UUID

import pytest
from django.db import connection
from django.db.models import F
from django.utils import timezone

from usage.models import Hold, LedgerEntry, Period
from usage.services import audit, audit_rollups, expire_dead_leases, roll_up, settle
from usage.tests.builders import call, make_workspace
from usage.tests.sender import USED

pytestmark = pytest.mark.django_db(transaction=True)

SENDS = int(os.environ.get("RACE_SENDS", "500"))
WORKSPACES, WORKERS, KILLED, AGAIN = 20, 5, 3, 1
ROOM = SENDS // WORKSPACES * USED // 2  # for half of them at most


def _environment() -> dict[str, str]:
    facts = connection.settings_dict
    login = f"{quote(str(facts['USER']), safe='')}:{quote(str(facts['PASSWORD']), safe='')}"
    host = quote(str(facts["HOST"]), safe="")
    return {**os.environ, "DATABASE_URL": f"postgresql://{login}@{host}:{facts['PORT'] or 5432}/{facts['NAME']}"}


def _worker(part: int, workspaces: list[UUID]) -> subprocess.Popen[str]:
    first, last = SENDS * part // WORKERS, SENDS * (part + 1) // WORKERS
    command = [sys.executable, "-m", "usage.tests.sender", str(first), str(last), *map(str, workspaces)]
    return subprocess.Popen(command, env=_environment(), stdout=subprocess.PIPE, text=True)


def _kill_after(worker: subprocess.Popen[str], ends: int) -> None:
    assert worker.stdout is not None
    for _ in range(ends):
        assert worker.stdout.readline(), "the worker ended before it was killed"
    worker.kill()
    worker.communicate(timeout=30)


def test_workers_killed_at_random_leave_nothing_wrong() -> None:
    workspaces = [make_workspace(tokens=900 + ROOM) for _ in range(WORKSPACES)]
    for workspace in workspaces:
        settle(None, call(workspace, output=900))
    seed = int(os.environ.get("RACE_SEED", "") or random.randrange(10**6))
    dice = random.Random(seed)
    workers = [_worker(part, workspaces) for part in range(WORKERS)]
    for worker in workers[:KILLED]:
        _kill_after(worker, dice.randrange(1, SENDS // WORKERS - 20))
    again = [_worker(part, workspaces) for part in range(AGAIN)]  # what a killed one did is asked for once more, with the same keys
    for worker in [*workers[KILLED:], *again]:
        worker.communicate(timeout=300)
        assert worker.returncode == 0, f"seed {seed}"

    expire_dead_leases(now=timezone.now() + timedelta(minutes=10))
    roll_up()
    assert audit() == [], f"seed {seed}"
    assert audit_rollups() == [], f"seed {seed}"
    assert not Hold.objects.filter(state="held").exists()
    assert not Period.objects.filter(tokens_used__gt=F("tokens_limit")).exists()
    assert not Period.objects.exclude(tokens_held=0, cost_held=0).exists()
    settled = Hold.objects.filter(state="settled").count()
    assert settled == LedgerEntry.objects.count() - WORKSPACES
    assert settled > SENDS // 10
    assert Hold.objects.count() < SENDS, "some were refused"
