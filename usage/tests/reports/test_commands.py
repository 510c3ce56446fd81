"""`manage.py reconcile` and `drift_report`: dry by default, exit statuses as documented."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from usage.models import PlatformEntry, ProviderReport
from usage.services import record_calls
from usage.tests.builders import call, make_workspace
from usage.tests.reports.samples import DAY, openai_cost, openai_page, openai_use
from usage.types import Confidence, TokenBuckets

pytestmark = pytest.mark.django_db
MODEL = "gpt-5.4-mini"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    at = datetime(DAY.year, DAY.month, DAY.day, 9, tzinfo=UTC)
    facts: dict[str, Any] = {"provider": "openai", "model": MODEL, "called_at": at}
    record_calls([call(make_workspace(), buckets=TokenBuckets(80, 20, output=30), confidence=Confidence.ESTIMATED, **facts)])
    return tmp_path / "report.json"


def run(*arguments: Any) -> tuple[int, str]:
    out = StringIO()
    try:
        call_command(*map(str, arguments), stdout=out)
    except CommandError as error:
        return error.returncode, f"{out.getvalue()}{error}"
    return 0, out.getvalue()


def test_a_dry_run_says_what_differs_and_writes_nothing(file: Path) -> None:
    file.write_text(json.dumps(openai_page("usage.completions", (DAY, [openai_use(f"{MODEL}-2026-03-01", 104, 30, 20)]))))
    status, said = run("reconcile", file, "--provider", "openai")
    assert status == 2
    assert f"{DAY}  {MODEL}: +0 USD +4 fresh input" in said
    assert "Nothing was written. Post it with --apply." in said
    assert ProviderReport.objects.count() == 0


def test_applied_it_posts_and_then_agrees(file: Path) -> None:
    file.write_text(json.dumps(openai_page("usage.completions", (DAY, [openai_use(MODEL, 104, 30, 20)]))))
    status, said = run("reconcile", file, "--provider", "openai", "--apply")
    assert (status, "For the platform: 1 rows, +4 tokens" in said) == (0, True)
    assert run("reconcile", file, "--provider", "openai")[0] == 0
    assert PlatformEntry.objects.get().tokens == 4


def test_a_file_that_cannot_be_read_has_a_status_of_its_own(file: Path) -> None:
    assert run("reconcile", file, "--provider", "openai")[0] == 3
    file.write_text('{"data": [{"results": 7}]}')
    status, said = run("reconcile", file, "--provider", "openai")
    assert (status, "report.json: “results” has to be a list of objects." in said) == (3, True)


def test_drift_by_model_tells_tokens_money_and_estimates(file: Path) -> None:
    for page in (
        openai_page("usage.completions", (DAY, [openai_use(MODEL, 104, 30, 20)])),
        openai_page("costs", (DAY, [openai_cost(f"{MODEL}, input", "0.0003"), openai_cost(f"{MODEL}, output", "0.000456")])),
    ):
        file.write_text(json.dumps(page))
        run("reconcile", file, "--provider", "openai", "--apply")
    _, said = run("drift_report", "--since", DAY, "--until", DAY)
    assert f"openai:{MODEL}  reported on 1 of 1 days" in said
    assert "ours 0.000696000000, theirs 0.000756000000, difference +0.000060000000 USD (+8.62 %)" in said
    assert "ours 130, theirs 134, difference +4 fresh input (+3.08 %)" in said
    assert "estimated 1 of 1 calls (100.00 %), platform carries +0.000060000000 USD" in said
    assert "No calls and no reports" in run("drift_report", "--provider", "gemini")[1]
