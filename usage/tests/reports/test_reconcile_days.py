"""`reconcile` with sums of days: who carries a difference, and that nothing is ever posted twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest

from usage.models import LedgerEntry, Period, PlatformEntry, ProviderReport
from usage.reports.plan import Plan, ReportFile
from usage.reports.types import ReportSource, UnreadableReport
from usage.services import plan_reconciliation, reconcile, record_calls
from usage.tests.builders import call, make_workspace
from usage.tests.reports.ledger import exact, used
from usage.tests.reports.samples import DAY, anthropic_cost, anthropic_page, anthropic_use, file
from usage.types import Confidence, TokenBuckets

pytestmark = pytest.mark.django_db
NOON = datetime(DAY.year, DAY.month, DAY.day, 12, tzinfo=UTC)
MODEL = "claude-haiku-4-5-20251001"


def spend(workspace: UUID, buckets: TokenBuckets, *, estimated: bool = False, at: datetime = NOON, **more: Any) -> None:
    confidence = Confidence.ESTIMATED if estimated else Confidence.REPORTED
    record_calls([call(workspace, buckets=buckets, confidence=confidence, called_at=at, **{"model": MODEL, **more})])


def asked(*, share: bool = False, **more: Any) -> ReportFile:
    return ReportFile(
        **{"source": ReportSource.ANTHROPIC, "name": "r.json", "size": 1, "digest": "d", "provider": "anthropic", **more}, share=share
    )


def post(content: Any, **more: Any) -> Plan:
    _, plan = reconcile(asked(**more), file(content))
    return plan


def test_a_report_that_agrees_posts_nothing() -> None:
    spend(make_workspace(), TokenBuckets(100, 50, 20, 10, 30))
    plan = post(anthropic_page((DAY, [anthropic_use(MODEL, 100, 30, 50, 20, 10)])))
    assert (plan.posts, plan.confirmed, plan.unmatched_rows) == (0, 1, 0)
    assert ProviderReport.objects.get().confirmed == 1


def test_what_no_call_explains_is_carried_by_the_platform_and_by_no_workspace() -> None:
    one, other = make_workspace(), make_workspace()
    spend(one, TokenBuckets(100, output=30))
    spend(other, TokenBuckets(10, output=3))
    before = used(one), used(other)
    report = anthropic_page((DAY, [anthropic_use("Claude Haiku 4.5", 115, 40, 7)]))
    assert post(report).platform_tokens == 19
    assert (used(one), used(other)) == before
    entry = PlatformEntry.objects.get()
    assert (entry.fresh_input, entry.cache_read, entry.output, entry.model, entry.cost) == (5, 7, 7, MODEL, 0)
    assert post(report).posts == 0, "the same report again"
    corrected = anthropic_page((DAY, [anthropic_use(MODEL, 115, 38, 7)]))
    assert post(corrected).platform_tokens == -2, "a corrected one posts the difference only"
    assert exact()


def test_money_comes_with_a_report_of_costs_to_its_last_digit() -> None:
    spend(make_workspace(), TokenBuckets(100, output=30))  # 0.00075 USD
    report = anthropic_page((DAY, [anthropic_cost(MODEL, "0.0500000000049"), anthropic_cost(MODEL, "0.025")]))  # cents
    plan = post(report)
    assert plan.platform_cost == 0, "the thirteenth decimal is rounded"
    report = anthropic_page((DAY, [anthropic_cost(MODEL, "0.0750000001")]))
    assert post(report).platform_cost == Decimal("0.000000000001")
    assert post(report).posts == 0


def test_shared_out_the_parts_add_up_to_the_last_unit_and_nothing_stays_with_the_platform() -> None:
    workspaces = [make_workspace() for _ in range(3)]
    for workspace in workspaces:
        spend(workspace, TokenBuckets(100, output=30))
    usage, costs = [anthropic_use(MODEL, 310, 91)], [anthropic_cost(MODEL, "0.2250000001")]
    assert post(anthropic_page((DAY, usage))).platform_tokens == 11
    plan = post(anthropic_page((DAY, usage)), share=True)
    assert (plan.platform_tokens, plan.tokens, len(plan.adjustments)) == (-11, 11, 3)
    assert post(anthropic_page((DAY, costs)), share=True).cost == Decimal("0.000000000001")
    rows = [used(workspace) for workspace in workspaces]
    assert (sum(row[0] for row in rows), sum(row[1] for row in rows)) == (401, Decimal("0.002250000001"))
    assert sorted(row[0] for row in rows) == [133, 133, 135]
    assert sum(PlatformEntry.objects.values_list("tokens", flat=True)) == 0
    assert post(anthropic_page((DAY, usage)), share=True).posts == post(anthropic_page((DAY, usage))).posts == 0
    assert exact()


def test_a_share_goes_first_to_where_figures_were_only_estimated() -> None:
    sure, unsure = make_workspace(), make_workspace()
    spend(sure, TokenBuckets(1000, output=300))
    spend(unsure, TokenBuckets(100, output=30), estimated=True)
    post(anthropic_page((DAY, [anthropic_use(MODEL, 1090, 335)])), share=True)
    assert (used(sure)[0], used(unsure)[0]) == (1300, 125)
    assert exact()


def test_an_estimate_that_a_report_confirms_is_no_estimate_any_more() -> None:
    workspace = make_workspace()
    spend(workspace, TokenBuckets(100, output=30), estimated=True)
    report = anthropic_page((DAY, [anthropic_use(MODEL, 100, 30)]))
    before = used(workspace)
    plan = post(report)
    assert (len(plan.adjustments), plan.tokens, plan.cost, used(workspace)) == (2, 0, Decimal(0), before)
    rows = LedgerEntry.objects.order_by("id").values_list("confidence", "calls", "tokens")
    assert list(rows) == [("estimated", 1, 130), ("estimated", -1, -130), ("reconciled", 1, 130)]
    assert post(report).posts == 0
    assert exact()


def test_a_closed_period_takes_adjustments_in_and_the_running_one_is_left_alone() -> None:
    workspace = make_workspace()
    spend(workspace, TokenBuckets(100, output=30))
    for day in (datetime(2026, 10, 31, 23, 59, 59, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC)):
        spend(workspace, TokenBuckets(100, output=30), at=day)
    first, last = datetime(2026, 10, 31, tzinfo=UTC).date(), datetime(2026, 11, 1, tzinfo=UTC).date()
    post(anthropic_page((first, [anthropic_use(MODEL, 90, 30)]), (last, [anthropic_use(MODEL, 100, 31)])), share=True)
    periods = dict(Period.objects.filter(workspace_id=workspace).values_list("starts_at__month", "tokens_used"))
    assert (periods[10], periods[11]) == (250, 131)
    assert exact()


def test_a_price_change_in_the_middle_of_a_day_makes_no_difference_of_its_own() -> None:
    from usage.tests.builders import PRICES
    from usage.types import UnitPrices

    workspace = make_workspace()
    spend(workspace, TokenBuckets(1000), at=NOON)
    spend(workspace, TokenBuckets(1000), at=NOON + timedelta(hours=1), prices=UnitPrices(input=PRICES.input * 2))
    report = anthropic_page((DAY, [anthropic_cost(MODEL, "0.9")]))
    assert (post(report).posts, post(report).confirmed) == (0, 1)


def test_days_that_are_not_over_or_not_covered_whole_and_unknown_models_are_named_not_posted() -> None:
    spend(make_workspace(), TokenBuckets(100, output=30))
    noon = {"starting_at": f"{DAY}T00:00:00Z", "ending_at": f"{DAY}T12:00:00Z", "results": [anthropic_use(MODEL, 1, 1)]}
    assert "does not cover the whole day" in post({"data": [noon]}).notes[0]
    page = anthropic_page((DAY, [anthropic_use("claude-of-somebody-else", 5, 5)]))
    plan = post(page)
    assert (plan.posts, plan.unmatched_rows, plan.unmatched[0].name) == (0, 1, "claude-of-somebody-else")
    _, plan = reconcile(asked(), file(anthropic_page((DAY, [anthropic_use(MODEL, 1, 1)]))), now=NOON)
    assert (plan.posts, "is not over yet" in plan.notes[0]) == (0, True)


def test_hours_make_a_day_when_all_of_them_are_there_and_none_twice() -> None:
    spend(make_workspace(), TokenBuckets(240, output=24))
    page = anthropic_page((DAY, []))
    moments = [f"{DAY}T{hour:02}:00:00Z" for hour in range(24)] + ["2026-10-31T00:00:00Z"]
    page["data"] = [{"starting_at": start, "ending_at": end, "results": [anthropic_use(MODEL, 10, 1)]} for start, end in pairwise(moments)]
    assert (post(page).confirmed, post({"data": page["data"][1:]}).confirmed) == (1, 0)
    page["data"].append({"starting_at": moments[0], "ending_at": moments[2], "results": []})
    with pytest.raises(UnreadableReport, match="overlaps"):
        post(page)


def test_what_the_report_is_silent_about_is_named_and_no_zero() -> None:
    workspace = make_workspace()
    spend(workspace, TokenBuckets(100, output=30))
    spend(workspace, TokenBuckets(100, output=30), model="claude-other")
    plan = post(anthropic_page((DAY, [anthropic_use(MODEL, 100, 30)])))
    assert (plan.posts, plan.notes) == (0, [f"{DAY}: the ledger has calls of claude-other, the report no row."])


def test_a_credit_that_is_more_than_was_used_stays_with_the_platform() -> None:
    workspace = make_workspace()
    spend(workspace, TokenBuckets(100, output=30))
    plan = post(anthropic_page((DAY, [anthropic_cost(MODEL, "-100")])), share=True)
    assert (plan.adjustments, plan.platform_cost) == ([], Decimal("-1.00075"))
    assert "the platform keeps the difference" in plan.notes[0]
    assert exact()


def test_a_preview_writes_nothing() -> None:
    workspace = make_workspace()
    spend(workspace, TokenBuckets(100, output=30))
    before = used(workspace)
    plan = plan_reconciliation(asked(share=True), file(anthropic_page((DAY, [anthropic_use(MODEL, 200, 30)]))))
    assert (len(plan.adjustments), plan.tokens) == (1, 100)
    assert (used(workspace), ProviderReport.objects.count(), PlatformEntry.objects.count()) == (before, 0, 0)
