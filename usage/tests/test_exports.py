"""Exports have every entry, exactly, in bounded pieces; no cell is a formula."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.types import Actor
from bench.kit.ledger import fill_ledger
from bench.kit.usage_tables import differences
from usage.breakdown import By
from usage.formats import usd
from usage.models import LedgerEntry
from usage.ranges import RangeName, Step, UsageRange
from usage.selectors.export import csv_page
from usage.services import record_calls, roll_up, settle
from usage.tests.builders import call, make_actor
from usage.types import Confidence, TokenBuckets

pytestmark = pytest.mark.django_db(transaction=True)
_SUMS = ("tokens", "fresh_input", "cache_read", "cache_write_5m", "cache_write_1h", "output", "reasoning")
MODELS = ("=HYPERLINK(1)", "+1", "-1", "@SUM(A1)", "\tx", "＝1", 'plain, with “commas” and "quotes"', "a\nb", "\\N", "", "\\.")


@pytest.fixture
def actor() -> Actor:
    return make_actor()


@pytest.fixture
def signed_in(actor: Actor) -> Client:
    client = Client()
    client.force_login(get_user_model().objects.get(id=actor.user_id))
    return client


def _get(client: Client, address: str) -> tuple[Any, str]:
    async def whole(response: Any) -> str:
        return b"".join([chunk async for chunk in response.streaming_content]).decode()

    response: Any = client.get(address, headers={"Accept-Encoding": "gzip, br"})
    return response, async_to_sync(whole)(response)


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("usage.selectors.export.PAGE", 3)


@pytest.mark.usefixtures("small_pages")
def test_the_csv_has_every_entry_exactly_and_no_formula(signed_in: Client, actor: Actor) -> None:
    settle(None, call(make_actor().workspace_id, model="of-a-stranger"))
    for model in MODELS:
        settle(None, call(actor.workspace_id, model=model, buckets=TokenBuckets(1, 2, 3, 4, 5, 1), subject="conversation:12ab"))
    response, text = _get(signed_in, "/usage/export.csv")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert f'attachment; filename="usage-{timezone.now():%Y-%m}-01-to-' in response["Content-Disposition"]
    table = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [row["model"] for row in table] == [f"'{model}" if model[:1] in {*"=+-@\t＝"} and model else model for model in MODELS]
    mine = list(LedgerEntry.objects.filter(workspace_id=actor.workspace_id).order_by("called_at", "id"))
    assert [Decimal(row["cost_usd"]) for row in table] == [entry.cost for entry in mine]
    assert [datetime.fromisoformat(row["called_at"]) for row in table] == [entry.called_at for entry in mine]
    assert [row["id"] for row in table] == [str(entry.id) for entry in mine]
    assert (table[0]["conversation"], table[0]["price_output"], table[0]["confidence"]) == ("12ab", "15.000000", Confidence.REPORTED)


@pytest.mark.usefixtures("small_pages")
def test_a_cursor_for_debugging_writes_it_too(actor: Actor) -> None:
    """As with `DEBUG`, where developers look at it."""
    settle(None, call(actor.workspace_id))
    now = timezone.now()
    ever = UsageRange(RangeName.OWN, UTC, Step.MONTH, (now - timedelta(days=1), now + timedelta(days=1)))
    with CaptureQueriesContext(connection):
        assert csv_page(actor.workspace_id, ever, None).text.count(b"\n") == 1


def test_the_json_has_the_same(signed_in: Client, actor: Actor) -> None:
    for model in MODELS:
        settle(None, call(actor.workspace_id, model=model, buckets=TokenBuckets(output=1), source="generation:\x01\x02"))
    response, text = _get(signed_in, "/usage/export.json")
    rows = json.loads(text)
    assert response["Content-Type"] == "application/json"
    assert [row["model"] for row in rows] == list(MODELS)
    assert (rows[0]["cost_usd"], rows[0]["output"], rows[0]["source"]) == ("0.000015000000", 1, "generation:\x01\x02")


@pytest.mark.parametrize(("address", "text"), [("/usage/export.csv", "called_at,provider"), ("/usage/export.json", "[\n\n]\n")])
def test_nothing_is_a_whole_document_too(signed_in: Client, address: str, text: str) -> None:
    assert _get(signed_in, address)[1].startswith(text)


@pytest.mark.usefixtures("small_pages")
def test_calls_of_one_instant_are_each_there_once(signed_in: Client, actor: Actor) -> None:
    moment = timezone.now() - timedelta(minutes=1)
    record_calls([call(actor.workspace_id, key=str(number), called_at=moment) for number in range(20)])
    rows = json.loads(_get(signed_in, "/usage/export.json?range=7d")[1])
    assert len({row["id"] for row in rows}) == len(rows) == 20


@pytest.mark.parametrize("zone", ["Europe/Brussels", "Asia/Kolkata"])
def test_ledger_page_statistics_and_exports_of_a_range_agree_to_the_last_decimal(signed_in: Client, actor: Actor, zone: str) -> None:
    """Across a change of clocks (25 October), the border of a period (1 November) and a change of prices (1 November)."""
    get_user_model().objects.filter(id=actor.user_id).update(time_zone=zone)
    fill_ledger(actor.workspace_id, 4_000, datetime(2025, 10, 20, tzinfo=UTC), datetime(2025, 11, 13, tzinfo=UTC), user_id=actor.user_id)
    roll_up()
    query = "?range=own&from=2025-10-22&to=2025-11-05"
    rows = list(csv.DictReader(io.StringIO(_get(signed_in, f"/usage/export.csv{query}")[1], newline="")))
    cost, tokens = sum((Decimal(row["cost_usd"]) for row in rows), Decimal(0)), sum(int(row["tokens"]) for row in rows)
    assert len({row["price_input"] for row in rows}) > 6
    document = signed_in.get(f"/usage/summary.json{query}").json()
    assert (Decimal(document["totals"]["cost_usd"]), document["totals"]["tokens"], document["totals"]["calls"]) == (cost, tokens, len(rows))
    for name in ("by_model", "by_provider", "by_purpose", "by_conversation", "by_person", "series"):
        assert sum(Decimal(row["cost_usd"]) for row in document[name]) == cost, name
        assert sum(row["tokens"] for row in document[name]) == tokens, name
    assert len(document["series"]) == 15
    ledger = {name: sum((Decimal(row[name]) for row in rows), Decimal(0)) for name in _SUMS} | {"calls": Decimal(len(rows)), "cost": cost}
    for by, measure in zip(By, ("tokens", "cost", "tokens", "cost", "tokens"), strict=True):
        page = signed_in.get(f"/usage/{query}&by={by.value}&chart={measure}").content.decode()
        assert differences(page, measure, ledger) == [], by
        assert f'<data value="{cost:.12f}">{usd(cost)}</data>' in page
    start, end = (datetime.fromisoformat(document["range"][name]) for name in ("from", "to"))
    entries = LedgerEntry.objects.filter(workspace_id=actor.workspace_id, called_at__gte=start, called_at__lt=end)
    assert sum(entry.cost for entry in entries) == cost
