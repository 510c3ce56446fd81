"""`release` and `renew`: no call was made, or it is still running."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from usage.models import Hold
from usage.services import expire_dead_leases, release, renew, reserve, settle
from usage.tests.builders import call, counters, hold, make_workspace

pytestmark = pytest.mark.django_db


def test_a_release_gives_the_whole_hold_back_once() -> None:
    workspace = make_workspace()
    reserve(hold(workspace, 70, "0.2", key="other"))
    reserve(hold(workspace, 30, "0.1", key="k"))
    assert release("k") is True
    assert release("k") is False
    assert counters(workspace) == (0, 70, 0, Decimal("0.2"))
    row = Hold.objects.get(key="k")
    assert row.state == "released"
    assert row.closed_at is not None


def test_releasing_what_was_never_held_is_no_error() -> None:
    assert release("never made") is False


def test_a_settled_hold_cannot_be_released() -> None:
    workspace = make_workspace()
    reserve(hold(workspace, key="k"))
    settle("k", call(workspace))
    assert release("k") is False
    assert counters(workspace)[:2] == (10, 0)


def test_renewed_holds_survive_the_janitor() -> None:
    workspace = make_workspace()
    later = timezone.now() + timedelta(seconds=600)
    for key in ("a", "b", "c"):
        reserve(hold(workspace, key=key))
    assert renew(["a", "b"], 120, now=later) == 2
    assert expire_dead_leases(now=later + timedelta(seconds=60)) == 1
    assert set(Hold.objects.filter(state="held").values_list("key", flat=True)) == {"a", "b"}
    assert counters(workspace)[1] == 200


def test_only_live_holds_are_renewed() -> None:
    workspace = make_workspace()
    for key in ("held", "settled", "released"):
        reserve(hold(workspace, key=key))
    settle("settled", call(workspace))
    release("released")
    assert renew(["held", "settled", "released", "never made"]) == 1
    assert renew([]) == 0
