"""`get_balance`: what is left, in one query."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from usage.models import Period, Plan
from usage.selectors.balance import get_balance
from usage.services import ensure_plans, reserve, settle
from usage.tests.builders import call, hold, make_actor, make_workspace

pytestmark = pytest.mark.django_db


def test_used_and_held_both_leave_less() -> None:
    workspace = make_workspace(tokens=1000, cost=Decimal(2))
    reserve(hold(workspace, 300, "0.5"))
    settle(None, call(workspace, output=200))
    balance = get_balance(workspace)
    assert (balance.tokens_used, balance.tokens_held, balance.tokens_left, balance.percent_used) == (200, 300, 500, 20)
    assert (balance.cost_used, balance.cost_left) == (Decimal("0.003"), Decimal("1.497"))


def test_nothing_left_is_never_less_than_nothing() -> None:
    workspace = make_workspace(tokens=10, cost=Decimal("0.0001"))
    settle(None, call(workspace, output=200))
    balance = get_balance(workspace)
    assert (balance.tokens_left, balance.cost_left, balance.percent_used) == (0, Decimal(0), 100)


def test_a_new_month_starts_afresh_and_looking_creates_nothing() -> None:
    workspace = make_workspace(tokens=1000)
    reserve(hold(workspace), now=datetime(2030, 5, 31, 23, tzinfo=UTC))
    balance = get_balance(workspace, now=datetime(2030, 6, 1, tzinfo=UTC))
    assert (balance.tokens_left, balance.period_start.month, balance.period_end.month) == (1000, 6, 7)
    assert not Period.objects.filter(starts_at__month=6, starts_at__year=2030).exists()


def test_without_an_allowance_it_is_plan_free_as_the_operator_has_it() -> None:
    ensure_plans()
    Plan.objects.filter(code="free").update(name="Gratis", tokens_per_month=42)
    balance = get_balance(make_actor().workspace_id)
    assert (balance.plan_code, balance.plan_name, balance.tokens_left) == ("free", "Gratis", 42)


def test_without_any_plan_it_is_what_reserve_would_grant() -> None:
    balance = get_balance(make_actor().workspace_id)
    assert (balance.plan_code, balance.tokens_left, balance.cost_left) == ("free", 100_000, None)


@pytest.mark.parametrize("opened", [True, False])
def test_one_query(django_assert_num_queries: Any, opened: bool) -> None:
    workspace = make_workspace() if opened else make_actor().workspace_id
    with django_assert_num_queries(1):
        get_balance(workspace)
