"""Plans and allowances: who may use how much, from when on."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from itertools import permutations

import pytest
from django.utils import timezone

from core.exceptions import NotFound
from usage.models import Allowance, Period, Plan
from usage.selectors.balance import get_balance
from usage.services import apply_plan, ensure_plans, reserve, roll_out_plan, set_allowance, settle
from usage.tests.builders import call, hold, make_actor, make_workspace

pytestmark = pytest.mark.django_db


def test_the_plans_of_a_first_start() -> None:
    assert ensure_plans() == 3
    facts = Plan.objects.values_list("code", "tokens_per_month", "cost_per_month", "price_usd", "price_text")
    assert list(facts) == [
        ("free", 100_000, None, Decimal(0), "Free"),
        ("pro", 5_000_000, None, Decimal(20), "$20 a month"),
        ("enterprise", None, None, None, "Price on request"),
    ]


def test_what_an_operator_edited_survives_every_later_start() -> None:
    ensure_plans()
    Plan.objects.filter(code="free").update(tokens_per_month=7)
    Plan.objects.filter(code="pro").delete()
    assert ensure_plans() == 1
    assert Plan.objects.get(code="free").tokens_per_month == 7


@pytest.mark.parametrize("order", permutations([1, 2, 3]))
def test_whatever_order_versions_arrive_in_the_newest_stays(order: tuple[int, ...]) -> None:
    workspace = make_actor().workspace_id
    for version in (*order, *order):
        set_allowance(workspace, plan_code=f"v{version}", tokens_per_period=version, cost_per_period=None, version=version)
    balance = get_balance(workspace)
    assert (balance.plan_code, balance.tokens_limit) == ("v3", 3)


def test_an_older_version_says_that_it_changed_nothing() -> None:
    workspace = make_actor().workspace_id
    assert set_allowance(workspace, plan_code="a", tokens_per_period=1, cost_per_period=None, version=5) is True
    assert set_allowance(workspace, plan_code="b", tokens_per_period=2, cost_per_period=None, version=4) is False
    assert set_allowance(workspace, plan_code="c", tokens_per_period=3, cost_per_period=None, version=5) is True


def test_new_limits_hold_at_once_and_keep_what_was_used() -> None:
    ensure_plans()
    workspace = make_actor().workspace_id
    settle(None, call(workspace, output=90_000))
    apply_plan(workspace, "pro")
    balance = get_balance(workspace)
    assert (balance.plan_name, balance.tokens_left, balance.percent_used) == ("Pro", 4_910_000, 1)
    apply_plan(workspace, "free")
    assert get_balance(workspace).tokens_left == 10_000
    apply_plan(workspace, "enterprise")
    assert get_balance(workspace).tokens_left is None


def test_periods_that_are_over_keep_their_limits() -> None:
    workspace = make_workspace(tokens=10)
    last_month = timezone.now() - timedelta(days=32)
    reserve(hold(workspace, 1), now=last_month)
    set_allowance(workspace, plan_code="more", tokens_per_period=20, cost_per_period=None, version=2)
    limits = Period.objects.filter(workspace_id=workspace).order_by("starts_at").values_list("tokens_limit", flat=True)
    assert list(limits) == [10, 20]


def test_a_plan_applied_by_hand_wins_over_any_version_so_far() -> None:
    ensure_plans()
    workspace = make_actor().workspace_id
    set_allowance(workspace, plan_code="x", tokens_per_period=1, cost_per_period=None, version=10**15)
    apply_plan(workspace, "pro")
    assert get_balance(workspace).plan_code == "pro"


def test_an_unknown_plan_is_named_with_those_that_exist() -> None:
    ensure_plans()
    with pytest.raises(NotFound, match=r"no plan “gold”\. The plans are: free, pro, enterprise"):
        apply_plan(make_actor().workspace_id, "gold")


def test_an_edited_plan_reaches_its_workspaces_when_it_is_rolled_out() -> None:
    ensure_plans()
    on_free, explicitly_free, on_pro = (make_actor().workspace_id for _ in range(3))
    apply_plan(explicitly_free, "free")
    apply_plan(on_pro, "pro")
    for workspace in (on_free, explicitly_free, on_pro):
        reserve(hold(workspace, 1))
    Plan.objects.filter(code="free").update(tokens_per_month=500)
    assert get_balance(on_free).tokens_limit == 100_000
    assert roll_out_plan("free") == 1
    assert [get_balance(workspace).tokens_limit for workspace in (on_free, explicitly_free, on_pro)] == [500, 500, 5_000_000]
    assert Allowance.objects.get(workspace_id=explicitly_free).tokens_per_period == 500
    with pytest.raises(NotFound):
        roll_out_plan("gold")
