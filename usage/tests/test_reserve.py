"""`reserve`: a worst case is set aside, or refused before anybody is called."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import transaction
from django.utils import timezone

from core.exceptions import Conflict
from usage.exceptions import QuotaExceeded
from usage.models import Hold, Period, Plan
from usage.services import audit, ensure_plans, reserve, set_allowance, settle
from usage.tests.builders import call, counters, hold, make_actor, make_workspace
from usage.types import UnitPrices

pytestmark = pytest.mark.django_db


def test_a_hold_counts_at_once_and_remembers_what_it_is_for() -> None:
    workspace = make_workspace()
    hold_id = reserve(hold(workspace, 700, "0.125", key="k", lease_seconds=60))
    assert counters(workspace) == (0, 700, 0, Decimal("0.125"))
    row = Hold.objects.get(id=hold_id)
    assert (row.key, row.tokens, row.cost, row.state, row.source) == ("k", 700, Decimal("0.125"), "held", "generation:1")
    assert timedelta(seconds=50) < row.lease_expires_at - timezone.now() <= timedelta(seconds=60)


def test_the_last_token_may_be_held_and_not_one_more() -> None:
    workspace = make_workspace(tokens=1000)
    reserve(hold(workspace, 999))
    with pytest.raises(QuotaExceeded) as refusal:
        reserve(hold(workspace, 2))
    error = refusal.value
    assert (error.needed, error.left, error.unit, error.http_status) == (2, 1, "tokens", 402)
    reserve(hold(workspace, 1))
    assert counters(workspace)[1] == 1000


def test_a_money_limit_refuses_too_and_says_so_in_dollars() -> None:
    workspace = make_workspace(tokens=None, cost=Decimal("1.00"))
    reserve(hold(workspace, cost="0.75"))
    with pytest.raises(QuotaExceeded) as refusal:
        reserve(hold(workspace, cost="0.250000000001"))
    assert (refusal.value.unit, refusal.value.left) == ("cost", Decimal("0.25"))
    assert "$0.2500 left" in refusal.value.message


def test_a_refusal_writes_nothing_and_leaves_the_transaction_usable() -> None:
    workspace = make_workspace(tokens=10)
    with transaction.atomic():
        with pytest.raises(QuotaExceeded):
            reserve(hold(workspace, 11))
        reserve(hold(workspace, 10))
    assert Hold.objects.count() == 1


def test_a_refusal_says_what_is_left_when_it_resets_and_what_to_do() -> None:
    workspace = make_workspace(tokens=1500)
    moment = datetime(2026, 11, 22, 12, tzinfo=UTC)
    set_allowance(workspace, plan_code="test", tokens_per_period=1500, cost_per_period=None, version=2, now=moment)
    with pytest.raises(QuotaExceeded, match=r"up to 9,000 tokens, and your plan has 1,500 tokens left\..*upgrade.*December 1"):
        reserve(hold(workspace, 9000), now=moment)
    request = hold(workspace, 1500)
    reserve(request, now=moment)
    with pytest.raises(QuotaExceeded, match=r"0 tokens left, and 1,500 tokens held for running answers\. Send it again when"):
        reserve(hold(workspace, 1), now=moment)
    settle(request.key, call(workspace, key=request.key, output=1500, called_at=moment))
    with pytest.raises(QuotaExceeded, match=r"nothing left for this month\. Upgrade, or wait until December 1"):
        reserve(hold(workspace, 1), now=moment)


def test_what_costs_nothing_has_room_where_the_budget_is_spent() -> None:
    workspace = make_workspace(tokens=None, cost=Decimal(1))
    settle(None, call(workspace, output=1000, prices=UnitPrices(output=Decimal(2000))))
    assert counters(workspace)[2] == 2
    reserve(hold(workspace, 10, "0"))
    with pytest.raises(QuotaExceeded, match=r"nothing left for this month for models that cost something\. Choose one that costs nothing"):
        reserve(hold(workspace, 10, "0.01"))


def test_the_same_key_again_is_the_same_hold_even_when_there_is_no_room_any_more() -> None:
    workspace = make_workspace(tokens=100)
    request = hold(workspace, 100)
    assert reserve(request) == reserve(request)
    assert counters(workspace)[1] == 100


def test_a_key_of_another_workspace_is_a_conflict() -> None:
    request = hold(make_workspace(), key="same")
    reserve(request)
    stranger = make_workspace()
    with pytest.raises(Conflict):
        reserve(hold(stranger, key="same"))
    assert counters(stranger)[1] == 0


def test_without_a_limit_anything_goes_and_is_still_counted() -> None:
    workspace = make_workspace(tokens=None)
    reserve(hold(workspace, 10**15, "1000000"))
    assert counters(workspace)[1] == 10**15


@pytest.mark.parametrize(("tokens", "cost"), [(-1, "0"), (1, "-0.01")])
def test_a_negative_hold_is_refused(tokens: int, cost: str) -> None:
    with pytest.raises(ValueError, match="negative"):
        reserve(hold(uuid4(), tokens, cost))


def test_a_workspace_without_an_allowance_is_on_plan_free() -> None:
    ensure_plans()
    Plan.objects.filter(code="free").update(tokens_per_month=50)
    workspace = make_actor().workspace_id
    with pytest.raises(QuotaExceeded):
        reserve(hold(workspace, 51))
    reserve(hold(workspace, 50))


def test_without_any_plan_the_meter_is_not_unlimited() -> None:
    workspace = make_actor().workspace_id
    with pytest.raises(QuotaExceeded):
        reserve(hold(workspace, 100_001))


def test_spend_beyond_the_limit_leaves_room_for_nothing_not_even_an_empty_hold() -> None:
    workspace = make_workspace(tokens=5)
    settle(None, call(workspace, output=50))
    with pytest.raises(QuotaExceeded) as refusal:
        reserve(hold(workspace, 0, "0"))
    assert refusal.value.left == 0


def test_every_month_has_its_own_period_from_border_to_border_in_utc() -> None:
    workspace = make_workspace(tokens=100)
    last_moment = datetime(2026, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)
    reserve(hold(workspace, 100), now=last_moment)
    reserve(hold(workspace, 100), now=last_moment + timedelta(microseconds=1))
    spans = Period.objects.filter(workspace_id=workspace, tokens_held=100).order_by("starts_at").values_list("starts_at", "ends_at")
    months = [datetime(2026, 12, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC), datetime(2027, 2, 1, tzinfo=UTC)]
    assert list(spans) == [(months[0], months[1]), (months[1], months[2])]
    assert audit() == []


def test_a_hold_costs_one_statement(django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    workspace = make_workspace()
    with django_assert_num_queries(1):
        reserve(hold(workspace))
