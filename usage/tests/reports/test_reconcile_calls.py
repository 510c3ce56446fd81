"""`reconcile` with a report that names single calls: each difference belongs to the call's own workspace, person and answer."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from accounts.types import Actor
from core.exceptions import Conflict
from usage.models import LedgerEntry, ProviderReport
from usage.reports.plan import Plan, ReportFile
from usage.reports.types import ReportSource
from usage.selectors.ledger import for_sources
from usage.services import plan_reconciliation, reconcile, record_calls
from usage.tests.builders import all_at_once, call, make_actor
from usage.tests.reports.ledger import exact, used
from usage.tests.reports.samples import file, openrouter_calls
from usage.types import Confidence, TokenBuckets

pytestmark = pytest.mark.django_db
AT = datetime(2026, 10, 31, 23, 59, 59, tzinfo=UTC)
ON = "2026-10-31 23:59:59.5"


def spend(actor: Actor, name: str, buckets: TokenBuckets, *, estimated: bool = False) -> None:
    facts: dict[str, Any] = {
        "provider": "openai_compatible",
        "model": "vendor/model",
        "source": f"generation:{name}",
        "subject": "conversation:1",
    }
    confidence = Confidence.ESTIMATED if estimated else Confidence.REPORTED
    row = call(
        actor.workspace_id, user_id=actor.user_id, buckets=buckets, confidence=confidence, called_at=AT, provider_call_id=name, **facts
    )
    record_calls([row])


def asked() -> ReportFile:
    return ReportFile(ReportSource.OPENROUTER, "activity.csv", 1, "d", "openai_compatible")


def post(*rows: tuple[str, str, str, int, int, int]) -> Plan:
    return reconcile(asked(), file(openrouter_calls(*rows)))[1]


def test_the_money_of_a_call_is_corrected_in_its_own_workspace_period_and_answer() -> None:
    actor, other = make_actor(), make_actor()
    spend(actor, "gen-1", TokenBuckets(100, output=30))
    spend(other, "gen-2", TokenBuckets(100, output=30))
    plan = post(("gen-1", ON, "0.0007000000001", 100, 30, 0), ("gen-2", ON, "0.00075", 999, 999, 0), ("gen-3", ON, "1", 1, 1, 0))
    assert (len(plan.adjustments), plan.calls_confirmed, plan.unmatched_rows) == (1, 1, 1)
    assert (used(actor.workspace_id), used(other.workspace_id)) == ((130, Decimal("0.0007")), (130, Decimal("0.00075")))
    row = LedgerEntry.objects.get(purpose="adjustment")
    assert (row.source, row.subject, row.user_id, row.called_at, row.confidence) == (
        "generation:gen-1",
        "conversation:1",
        actor.user_id,
        AT,
        "reconciled",
    )
    assert row.cost == Decimal("-0.00005")
    figures = for_sources(actor.workspace_id, ["generation:gen-1"])["generation:gen-1"]
    assert (figures.cost, figures.calls, figures.confidence) == (Decimal("0.0007"), 1, Confidence.RECONCILED)
    assert exact()


def test_an_estimate_becomes_what_the_report_says_and_is_no_estimate_any_more() -> None:
    actor = make_actor()
    spend(actor, "gen-1", TokenBuckets(100, output=30, reasoning=5), estimated=True)
    assert for_sources(actor.workspace_id, ["generation:gen-1"])["generation:gen-1"].confidence is Confidence.ESTIMATED
    plan = post(("gen-1", ON, "0.001", 90, 40, 20))
    assert (len(plan.adjustments), plan.tokens, plan.cost) == (2, 0, Decimal("0.00025"))
    figures = for_sources(actor.workspace_id, ["generation:gen-1"])["generation:gen-1"]
    assert (figures.buckets, figures.cost) == (TokenBuckets(70, 20, output=40, reasoning=5), Decimal("0.001"))
    assert (figures.calls, figures.confidence) == (1, Confidence.RECONCILED)
    assert sum(LedgerEntry.objects.filter(confidence="estimated").values_list("tokens", flat=True)) == 0
    assert exact()


def test_the_same_report_posts_nothing_and_a_later_one_only_what_is_new() -> None:
    actor = make_actor()
    spend(actor, "gen-1", TokenBuckets(100, output=30), estimated=True)
    row = ("gen-1", ON, "0.001", 100, 30, 0)
    assert post(row).posts == 2
    again = post(row)
    assert (again.posts, again.calls_confirmed) == (0, 1)
    assert post(("gen-1", ON, "0.0009", 100, 30, 0)).cost == Decimal("-0.0001")
    assert used(actor.workspace_id) == (130, Decimal("0.0009"))
    assert ProviderReport.objects.count() == 3
    assert exact()


def test_two_calls_of_one_name_are_ambiguous_and_left_alone() -> None:
    actor = make_actor()
    spend(actor, "gen-1", TokenBuckets(100))
    spend(actor, "gen-1", TokenBuckets(100))
    plan = post(("gen-1", ON, "9", 1, 1, 0))
    assert (plan.posts, plan.unmatched[0].why) == (0, "Several calls of the ledger have this name.")


def test_what_was_previewed_is_what_is_confirmed() -> None:
    actor = make_actor()
    spend(actor, "gen-1", TokenBuckets(100, output=30))
    content = openrouter_calls(("gen-1", ON, "0.001", 100, 30, 0))
    seen = plan_reconciliation(asked(), file(content)).fingerprint
    post(("gen-1", ON, "0.0008", 100, 30, 0))
    with pytest.raises(Conflict, match="has changed since the preview"):
        reconcile(asked(), file(content), expected=seen)
    assert used(actor.workspace_id)[1] == Decimal("0.0008")
    now = plan_reconciliation(asked(), file(content)).fingerprint
    reconcile(asked(), file(content), expected=now)
    assert used(actor.workspace_id)[1] == Decimal("0.001")


@pytest.mark.django_db(transaction=True)
def test_imports_that_race_post_once() -> None:
    actor = make_actor()
    names = [f"gen-{number}" for number in range(20)]
    for name in names:
        spend(actor, name, TokenBuckets(100, output=30), estimated=name.endswith("1"))
    content = openrouter_calls(*((name, ON, "0.001", 100, 30, 0) for name in names))
    results = all_at_once(6, lambda _: reconcile(asked(), file(content))[1].posts, threads=6)
    assert sorted(map(str, results)) == ["0", "0", "0", "0", "0", "22"]
    assert used(actor.workspace_id) == (130 * 20, Decimal("0.02"))
    assert exact()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM usage_ledgerentry WHERE purpose = 'adjustment'")
        assert cursor.fetchone() == (22,)
