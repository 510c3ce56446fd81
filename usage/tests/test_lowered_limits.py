"""A limit that comes down to what is used already warns like use that rises to it."""

from __future__ import annotations

import re

import pytest
from django.core import mail

from usage.models import LimitWarning, Plan
from usage.services import ensure_plans, mail_warnings, roll_out_plan, set_allowance, settle
from usage.tests.builders import call, make_actor

pytestmark = pytest.mark.django_db


def _mailed() -> list[tuple[str, str]]:
    """To whom, and how many percent the subject says."""
    return sorted((message.to[0].partition("@")[0], re.sub(r"\D", "", str(message.subject)) or "100") for message in mail.outbox)


def test_a_limit_that_comes_down_to_what_is_used_is_said_once() -> None:
    workspace = make_actor("ada").workspace_id
    settle(None, call(workspace, output=500))
    for version, tokens in enumerate((620, 500, 500, 400), start=2):
        set_allowance(workspace, plan_code="t", tokens_per_period=tokens, cost_per_period=None, version=version)
        mail_warnings()
    assert list(LimitWarning.objects.order_by("level").values_list("level", flat=True)) == [80, 90, 100]
    assert _mailed() == [("ada", "100"), ("ada", "80")]


def test_an_edited_plan_that_is_rolled_out_warns_those_whose_limit_it_reaches() -> None:
    ensure_plans()
    for name, plan_code, tokens in (("few", "", 100), ("much", "", 450), ("all", "", 600), ("other", "t", 600)):
        workspace = make_actor(name).workspace_id
        settle(None, call(workspace, output=tokens))
        if plan_code:
            set_allowance(workspace, plan_code=plan_code, tokens_per_period=1000, cost_per_period=None, version=1)
    Plan.objects.filter(code="free").update(tokens_per_month=500)
    roll_out_plan("free")
    assert sorted(LimitWarning.objects.values_list("level", flat=True)) == [80, 80, 90, 90, 100]
    assert mail_warnings() == 2
    assert _mailed() == [("all", "100"), ("much", "90")]
