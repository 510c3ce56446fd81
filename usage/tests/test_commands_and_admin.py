"""What operators use: `set_plan` and the lists of the admin."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.test import Client

from usage.models import LedgerEntry, Plan
from usage.selectors.balance import get_balance
from usage.services import apply_plan, ensure_plans, reserve, settle
from usage.tests.builders import call, hold, make_actor

pytestmark = pytest.mark.django_db
LISTS = ["plan", "allowance", "period", "hold", "ledgerentry"]


@pytest.fixture
def operator() -> Client:
    client = Client()
    client.force_login(get_user_model().objects.create_superuser("root@example.org"))
    return client


def _use_the_meter(times: int) -> None:
    for _ in range(times):
        actor = make_actor()
        apply_plan(actor.workspace_id, "pro")
        reserve(hold(actor.workspace_id))
        settle(None, call(actor.workspace_id, user_id=actor.user_id))


def test_set_plan_takes_effect_at_once_and_says_so() -> None:
    ensure_plans()
    actor = make_actor("ada")
    out = StringIO()
    call_command("set_plan", "--email", "ADA@example.org", "--plan", "pro", stdout=out)
    assert get_balance(actor.workspace_id).tokens_limit == 5_000_000
    assert "is on plan Pro: 5,000,000 tokens left until 1 " in out.getvalue()
    call_command("set_plan", "--email", "ada@example.org", "--plan", "enterprise", stdout=out)
    assert "unlimited" in out.getvalue()


@pytest.mark.parametrize(
    ("email", "plan", "words"),
    [("nobody@example.org", "pro", "signs in as nobody@example.org"), ("ada@example.org", "gold", "no plan “gold”. The plans are: free")],
)
def test_set_plan_says_what_is_wrong(email: str, plan: str, words: str) -> None:
    ensure_plans()
    make_actor("ada")
    with pytest.raises(CommandError, match=words):
        call_command("set_plan", "--email", email, "--plan", plan)


@pytest.mark.parametrize("name", LISTS)
def test_lists_need_the_same_few_queries_however_long_they_are(operator: Client, name: str, django_assert_max_num_queries: Any) -> None:
    ensure_plans()
    _use_the_meter(12)
    with django_assert_max_num_queries(9):
        response = operator.get(f"/admin/usage/{name}/", {"q": "example"})
    assert response.status_code == 200


@pytest.mark.parametrize("name", LISTS[1:])
def test_what_the_services_write_cannot_be_added_edited_or_deleted(operator: Client, name: str) -> None:
    ensure_plans()
    _use_the_meter(1)
    model = {"allowance": "Allowance", "period": "Period", "hold": "Hold", "ledgerentry": "LedgerEntry"}[name]
    key = getattr(__import__("usage.models", fromlist=[model]), model).objects.get().pk
    assert operator.get(f"/admin/usage/{name}/add/").status_code == 403
    assert operator.post(f"/admin/usage/{name}/{key}/change/", {"tokens": 1}).status_code == 403
    assert operator.post(f"/admin/usage/{name}/{key}/delete/", {"post": "yes"}).status_code == 403
    page = operator.get(f"/admin/usage/{name}/{key}/change/")
    assert page.status_code == 200
    assert "_save" not in page.content.decode()
    assert LedgerEntry.objects.count() == 1


def test_plans_are_edited_and_rolled_out(operator: Client) -> None:
    ensure_plans()
    _use_the_meter(1)
    plan = Plan.objects.get(code="pro")
    form = {"name": "Professional", "tokens_per_month": 9, "price_usd": "25", "price_text": "$25", "sort": 1, "public": "on"}
    assert operator.post(f"/admin/usage/plan/{plan.id}/change/", form).status_code == 302
    response = operator.post("/admin/usage/plan/", {"action": "roll_out", "_selected_action": [str(plan.id)]}, follow=True)
    assert "Professional: the limits hold from now on (1 allowances)" in response.content.decode()
    workspace = LedgerEntry.objects.get().workspace_id
    assert (get_balance(workspace).plan_name, get_balance(workspace).tokens_limit) == ("Professional", 9)
