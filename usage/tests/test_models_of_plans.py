"""A plan may include some models only; who is on it is told which plan has the others."""

from __future__ import annotations

import pytest

from usage.exceptions import ModelNotIncluded
from usage.models import Plan
from usage.models_of_plans import includes
from usage.selectors.balance import get_balance
from usage.services import apply_plan, ensure_plans, require_model, roll_out_plan, set_allowance
from usage.tests.builders import make_actor, make_workspace

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("keys", "included"),
    [((), True), (("openai:gpt",), True), (("openai:*",), True), (("anthropic:*", "openai:g*t"), True), (("openai:gp",), False)],
)
def test_keys_and_patterns(keys: tuple[str, ...], included: bool) -> None:
    assert includes(keys, "openai:gpt") is included


def test_first_plans_include_every_model() -> None:
    ensure_plans()
    for plan in ("free", "pro", "enterprise"):
        workspace = make_workspace()
        apply_plan(workspace, plan)
        assert get_balance(workspace).includes("any:model")


def test_what_an_operator_chose_counts_for_who_is_on_the_plan_and_without_an_allowance_for_free() -> None:
    ensure_plans()
    Plan.objects.filter(code="free").update(model_keys=["openai:small"])
    Plan.objects.filter(code="pro").update(model_keys=["openai:*"])
    nobodys, paying = make_actor().workspace_id, make_actor().workspace_id
    apply_plan(paying, "pro")
    assert (get_balance(nobodys).includes("openai:small"), get_balance(nobodys).includes("openai:large")) == (True, False)
    assert (get_balance(paying).includes("openai:large"), get_balance(paying).includes("anthropic:x")) == (True, False)


def test_an_edited_plan_reaches_its_workspaces_when_it_is_rolled_out() -> None:
    ensure_plans()
    workspace = make_workspace()
    apply_plan(workspace, "pro")
    Plan.objects.filter(code="pro").update(model_keys=["openai:*"])
    assert get_balance(workspace).includes("anthropic:x")
    roll_out_plan("pro")
    assert not get_balance(workspace).includes("anthropic:x")


def test_a_refusal_names_the_plans_that_have_it() -> None:
    ensure_plans()
    workspace = make_workspace()
    set_allowance(workspace, plan_code="free", plan_name="Free", tokens_per_period=1, cost_per_period=None, model_keys=["a:*"], version=9)
    Plan.objects.filter(code="free").update(model_keys=["a:*"])
    require_model(get_balance(workspace), "a:small", "Small")
    with pytest.raises(ModelNotIncluded) as refused:
        require_model(get_balance(workspace), "b:large", "Large")
    assert refused.value.message == (
        "Large is not part of your plan (Free). It comes with Pro or Enterprise: upgrade, or choose another model."
    )
    Plan.objects.exclude(code="free").delete()
    with pytest.raises(ModelNotIncluded, match=r"your plan \(Free\)\. Choose another model\."):
        require_model(get_balance(workspace), "b:large", "Large")
