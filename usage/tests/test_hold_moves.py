"""A hold moves as the table says, and in no other way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from django.utils import timezone

from usage.models import Hold
from usage.services import audit, expire_dead_leases, release, renew, reserve, settle
from usage.states import MOVES, HoldState, sources_of
from usage.tests.builders import call, counters, hold, make_workspace

pytestmark = pytest.mark.django_db
KEY = "the hold"


def _expire(workspace: UUID) -> None:
    expire_dead_leases(now=timezone.now() + timedelta(days=1))


# Every way into a state that the meter has.
WAYS: dict[HoldState, Callable[[UUID], object]] = {
    HoldState.HELD: lambda workspace: (reserve(hold(workspace, key=KEY)), renew([KEY], 10**6)),
    HoldState.SETTLED: lambda workspace: settle(KEY, call(workspace, key="one call")),
    HoldState.RELEASED: lambda workspace: release(KEY),
    HoldState.EXPIRED: _expire,
}
FORBIDDEN = sorted([(old, new) for old in HoldState for new in HoldState if new not in MOVES[old] and old != new])
ALLOWED = sorted([(old, new) for old in HoldState for new in MOVES[old]])


def _in_state(state: HoldState) -> UUID:
    workspace = make_workspace()
    reserve(hold(workspace, key=KEY))
    if state != HoldState.HELD:
        WAYS[state](workspace)
    assert Hold.objects.get(key=KEY).state == state
    return workspace


@pytest.mark.parametrize(("old", "new"), FORBIDDEN)
def test_a_forbidden_move_changes_neither_the_hold_nor_a_counter(old: HoldState, new: HoldState) -> None:
    workspace = _in_state(old)
    before, row = counters(workspace), Hold.objects.values().get(key=KEY)
    WAYS[new](workspace)
    assert Hold.objects.values().get(key=KEY) == row
    assert counters(workspace) == before
    assert audit() == []


@pytest.mark.parametrize(("old", "new"), ALLOWED)
def test_an_allowed_move_is_made_and_the_counters_stay_exact(old: HoldState, new: HoldState) -> None:
    workspace = _in_state(old)
    WAYS[new](workspace)
    assert Hold.objects.get(key=KEY).state == new
    assert counters(workspace)[1] == 0
    assert audit() == []


def test_the_table_is_whole() -> None:
    assert set(MOVES) == set(HoldState)
    assert sources_of(HoldState.HELD) == []
    assert sources_of(HoldState.EXPIRED) == sources_of(HoldState.RELEASED) == ["held"]
    assert sources_of(HoldState.SETTLED) == ["expired", "held", "released"]
