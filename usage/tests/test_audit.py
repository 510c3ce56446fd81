"""`audit` and its command: drift is found and named."""

from __future__ import annotations

from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from usage.models import Hold, Period
from usage.services import audit, reserve, settle
from usage.tasks import audit_ledger
from usage.tests.builders import call, hold, make_workspace

pytestmark = pytest.mark.django_db


def test_a_meter_that_was_only_used_through_its_doors_is_clean() -> None:
    workspace = make_workspace()
    reserve(hold(workspace, key="k"))
    reserve(hold(workspace))
    settle("k", call(workspace))
    out = StringIO()
    call_command("audit_ledger", stdout=out)
    assert audit() == []
    assert out.getvalue() == "Every counter equals its ledger and its holds.\nEvery rollup equals its ledger.\n"


def test_drift_is_printed_by_workspace_and_ends_with_exit_status_1(caplog: pytest.LogCaptureFixture) -> None:
    workspace, sound = make_workspace(), make_workspace()
    reserve(hold(sound))
    reserve(hold(workspace, 100, "0.5"))
    settle(None, call(workspace, output=10))
    Period.objects.filter(workspace_id=workspace).update(tokens_used=13, cost_used=Decimal("0.0001"))
    Hold.objects.filter(workspace_id=workspace).update(tokens=99)
    out = StringIO()
    with pytest.raises(CommandError) as stop:
        call_command("audit_ledger", stdout=out)
    assert stop.value.returncode == 1
    printed = out.getvalue()
    assert f"Workspace {workspace}" in printed
    assert str(sound) not in printed
    assert "tokens_used: recorded 13, ledger and holds say 10 (off by +3)" in printed
    assert "tokens_held: recorded 100, ledger and holds say 99 (off by +1)" in printed
    assert "cost_used: recorded 0.000100000000, ledger and holds say 0.000150000000 (off by -0.000050000000)" in printed
    assert {drift.counter for drift in audit()} == {"tokens_used", "tokens_held", "cost_used"}
    audit_ledger()
    assert caplog.text.count("A usage counter differs from the ledger") == 3
