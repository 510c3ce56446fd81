"""Many at once, on real connections: never a race, never a leak, never a double charge."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from django.db import transaction
from django.utils import timezone

from usage.exceptions import QuotaExceeded
from usage.models import Hold, LedgerEntry, Period
from usage.periods import month_of
from usage.services import audit, expire_dead_leases, release, renew, reserve, set_allowance, settle
from usage.tests.builders import (
    all_at_once,
    call,
    counters,
    hold,
    make_actor,
    make_workspace,
    somebody_waits_for_a_lock,
    wait_until,
)

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_hundred_at_once_against_room_for_ten_lets_exactly_ten_pass() -> None:
    workspace = make_workspace(tokens=1000)
    results = all_at_once(200, lambda _: reserve(hold(workspace, 100)))
    assert Counter(type(result) for result in results)[QuotaExceeded] == 190
    assert Hold.objects.filter(workspace_id=workspace).count() == 10
    assert counters(workspace) == (0, 1000, 0, Decimal(5))
    assert audit() == []


def test_a_money_limit_holds_against_two_hundred_at_once_in_longer_transactions() -> None:
    workspace = make_workspace(tokens=None, cost=Decimal("0.10"))

    def send(_: int) -> None:
        with transaction.atomic():
            Period.objects.filter(workspace_id=workspace).exists()
            reserve(hold(workspace, cost="0.01"))

    results = all_at_once(200, send)
    assert Counter(type(result) for result in results) == {type(None): 10, QuotaExceeded: 190}
    assert counters(workspace)[3] == Decimal("0.10")


def test_the_first_two_hundred_of_a_month_open_one_period_and_share_one_limit() -> None:
    workspace = make_actor().workspace_id  # plan free, no period yet
    results = all_at_once(200, lambda _: reserve(hold(workspace, 10_000)))
    assert Counter(type(result) for result in results)[QuotaExceeded] == 190
    assert Period.objects.filter(workspace_id=workspace).count() == 1
    assert counters(workspace)[1] == 100_000


@pytest.mark.parametrize("room", [100, 100_000])
def test_one_key_fifty_times_at_once_is_one_hold(room: int) -> None:
    workspace = make_workspace(tokens=room)
    request = hold(workspace, 100)
    results = all_at_once(50, lambda _: reserve(request))
    assert set(results) == {Hold.objects.get().id}
    assert counters(workspace)[1] == 100


def test_one_call_settled_fifty_times_at_once_is_one_row() -> None:
    workspace = make_workspace()
    reserve(hold(workspace, key="k"))
    facts = call(workspace)
    results = all_at_once(50, lambda number: settle("k" if number % 3 else None, facts))
    assert len(set(results)) == 1
    assert LedgerEntry.objects.count() == 1
    assert counters(workspace)[:2] == (10, 0)
    assert audit() == []


def test_settling_renewing_releasing_and_expiring_the_same_holds_at_once_loses_nothing() -> None:
    workspace = make_workspace()
    keys = [uuid4().hex for _ in range(60)]
    for key in keys:
        reserve(hold(workspace, 10, key=key))
    later = timezone.now() + timedelta(minutes=10)
    tails: list[Callable[[str], object]] = [
        lambda key: settle(key, call(workspace, key=f"call {key}")),
        lambda key: renew(keys),
        lambda key: expire_dead_leases(now=later),
        lambda key: release(key) if keys.index(key) % 2 else None,
    ]
    results = all_at_once(240, lambda number: tails[number % 4](keys[number // 4]))
    assert [result for result in results if isinstance(result, Exception)] == []
    expire_dead_leases(now=later)
    assert counters(workspace)[:2] == (600, 0)
    assert LedgerEntry.objects.count() == 60
    assert set(Hold.objects.values_list("state", flat=True)) == {"settled"}
    assert audit() == []


def test_transactions_that_hold_and_settle_several_things_never_wait_in_a_circle() -> None:
    workspace = make_workspace(tokens=None)
    keys = [uuid4().hex for _ in range(40)]
    for key in keys:
        reserve(hold(workspace, key=key))

    def retry(number: int) -> None:
        mine, other = keys[number % 40], keys[(number * 7 + 3) % 40]
        with transaction.atomic():
            if number % 2:
                reserve(hold(workspace))
            settle(mine, call(workspace, key=f"call {mine}"))
            release(other)
        expire_dead_leases()

    results = all_at_once(160, retry)
    assert [result for result in results if isinstance(result, Exception)] == []
    assert audit() == []


def test_a_change_of_plan_at_the_moment_a_period_opens_wins() -> None:
    for _ in range(10):
        workspace = make_actor().workspace_id

        def act(number: int, workspace: UUID = workspace) -> object:
            if number == 2:
                return set_allowance(workspace, plan_code="pro", tokens_per_period=5_000_000, cost_per_period=None, version=1)
            return reserve(hold(workspace, 1))

        all_at_once(4, act, threads=4)
        assert Period.objects.get(workspace_id=workspace).tokens_limit == 5_000_000
        assert counters(workspace)[1] == 3


def test_a_plan_changed_on_the_stroke_of_midnight_reaches_the_new_month() -> None:
    workspace = make_workspace(tokens=10)
    midnight = month_of(timezone.now()).ends_at
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            before = midnight - timedelta(seconds=1)
            set_allowance(workspace, plan_code="pro", tokens_per_period=20, cost_per_period=None, version=2, now=before)
            opening = pool.submit(all_at_once, 1, lambda _: reserve(hold(workspace, 15), now=midnight))
            wait_until(lambda: opening.done() or somebody_waits_for_a_lock())
        assert not isinstance(opening.result()[0], Exception)
    assert Period.objects.get(workspace_id=workspace, starts_at=midnight).tokens_limit == 20
