"""An import while people chat: limits warn, counters stay exact, and what the platform carries cannot be changed."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from usage.exceptions import AppendOnly
from usage.models import LedgerEntry, LimitWarning, PlatformEntry, ProviderReport
from usage.reports.plan import ReportFile
from usage.reports.types import ReportSource
from usage.services import audit, audit_rollups, reconcile, record_calls, reserve, roll_up, settle
from usage.tests.builders import all_at_once, call, hold, make_actor, make_workspace
from usage.tests.reports.samples import file, openrouter_calls
from usage.types import Confidence, TokenBuckets

pytestmark = pytest.mark.django_db
FILE = ReportFile(ReportSource.OPENROUTER, "activity.csv", 1, "d", "openai_compatible")
FACTS: dict[str, Any] = {"provider": "openai_compatible", "model": "vendor/model"}


def test_a_correction_that_reaches_a_level_of_the_running_period_warns() -> None:
    workspace = make_workspace(tokens=1000)
    settle(None, call(workspace, buckets=TokenBuckets(700), confidence=Confidence.ESTIMATED, provider_call_id="gen-1", **FACTS))
    assert LimitWarning.objects.count() == 0
    reconcile(FILE, file(openrouter_calls(("gen-1", "2026-10-30", "0.0021", 850, 0, 0))))
    assert list(LimitWarning.objects.values_list("level", flat=True)) == [80]
    assert audit() == []


def test_the_usage_page_has_the_adjustments_and_speaks_of_no_estimate_any_more() -> None:
    actor = make_actor()
    row = call(actor.workspace_id, buckets=TokenBuckets(700), confidence=Confidence.ESTIMATED, provider_call_id="gen-1", **FACTS)
    settle(None, row)
    client = Client()
    client.force_login(get_user_model().objects.get(id=actor.user_id))
    assert "1 call with 700 tokens is our own count" in client.get("/usage/?by=purpose").content.decode()
    reconcile(FILE, file(openrouter_calls(("gen-1", "2026-10-30", "0.0021", 690, 0, 0))))
    page = client.get("/usage/?by=purpose").content.decode()
    assert "Adjustments" in page
    assert "-10" in page
    assert "our own count" not in page


@pytest.mark.django_db(transaction=True)
def test_people_chat_on_while_a_report_is_imported() -> None:
    workspaces = [make_workspace(tokens=None) for _ in range(4)]
    names = [f"gen-{number}" for number in range(80)]
    at = timezone.now() - timedelta(hours=1)
    for number, name in enumerate(names):
        record_calls([call(workspaces[number % 4], buckets=TokenBuckets(100), called_at=at, provider_call_id=name, **FACTS)])
    content = openrouter_calls(*((name, "2026-10-30", "0.001", 100, 0, 0) for name in names))

    def work(number: int) -> None:
        if number % 10 == 0:
            reconcile(FILE, file(content))
        elif number % 10 == 1:
            roll_up()
        else:
            request = hold(workspaces[number % 4])
            reserve(request)
            settle(request.key, call(workspaces[number % 4], output=7, **FACTS))

    results = all_at_once(40, work, threads=8)
    assert [result for result in results if isinstance(result, Exception)] == []
    assert LedgerEntry.objects.filter(purpose="adjustment").count() == 80
    assert sum(LedgerEntry.objects.filter(provider_call_id__gt="").values_list("cost", flat=True)) == Decimal("0.024")
    assert sum(LedgerEntry.objects.filter(purpose="adjustment").values_list("cost", flat=True)) == Decimal("0.056")
    assert (audit(), audit_rollups()) == ([], [])
    roll_up()
    assert (audit(), audit_rollups()) == ([], [])


def test_platform_entries_are_written_once() -> None:
    report = ProviderReport.objects.create(
        source="openai", provider="openai", file_name="r", file_size=1, digest="d", rows=1, confirmed=0, adjustments=0, unmatched=0,
        tokens=0, cost=0, platform_tokens=5, platform_cost=0,
    )  # fmt: skip
    entry = PlatformEntry(key="k", report=report, provider="openai", day="2026-10-30", model="m", output=5, tokens=5, cost=0)
    entry.save()
    for attempt in (entry.save, entry.delete):
        with pytest.raises(AppendOnly):
            attempt()
    for statement in ("DELETE FROM usage_platformentry", "UPDATE usage_platformentry SET cost = 1"):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    with pytest.raises(IntegrityError, match="are_the_sum"), transaction.atomic():
        PlatformEntry(key="other", report=report, provider="openai", day="2026-10-30", model="m", output=5, tokens=4, cost=0).save()
