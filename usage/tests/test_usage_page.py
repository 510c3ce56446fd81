"""What people see: the meter and the page."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone

from accounts.types import Actor
from usage.formats import usd
from usage.periods import month_of
from usage.services import apply_plan, ensure_plans, reserve, set_allowance, settle
from usage.tests.builders import call, hold, make_actor
from usage.types import TokenBuckets

pytestmark = pytest.mark.django_db


@pytest.fixture
def actor() -> Actor:
    return make_actor()


@pytest.fixture
def signed_in(actor: Actor) -> Client:
    client = Client()
    client.force_login(get_user_model().objects.get(id=actor.user_id))
    return client


def _limit(workspace_id: UUID, tokens: int | None, cost: Decimal | None = None) -> None:
    set_allowance(workspace_id, plan_code="t", plan_name="Tester", tokens_per_period=tokens, cost_per_period=cost, version=1)


@pytest.mark.parametrize("address", ["/usage/", "/usage/meter/", "/usage/export.csv", "/usage/export.json", "/usage/summary.json"])
def test_nobody_sees_figures_without_signing_in(client: Client, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/")


def test_the_meter_says_plan_rest_and_reset(signed_in: Client, actor: Actor) -> None:
    _limit(actor.workspace_id, 10_000)
    settle(None, call(actor.workspace_id, output=2_500))
    reserve(hold(actor.workspace_id, 500))
    page = signed_in.get("/usage/meter/").content.decode()
    assert "<html" not in page
    assert "Tester" in page
    assert "7,000 left" in page
    assert 'aria-label="Quota"' in page
    assert 'value="25"' in page
    ends = month_of(timezone.now()).ends_at
    assert f"resets {ends:%B} {ends.day}" in page


def test_the_reset_is_the_same_day_for_somebody_in_another_time_zone(signed_in: Client, actor: Actor) -> None:
    get_user_model().objects.filter(id=actor.user_id).update(time_zone="America/New_York")
    assert " 1 (UTC)</span>" in signed_in.get("/usage/meter/").content.decode().partition("resets ")[2]


@pytest.mark.parametrize(
    ("output", "words"), [(79, "79 tokens used"), (80, "80 % used: 80 tokens"), (100, "used up: 100 tokens"), (250, "used up: 250 tokens")]
)
def test_the_meter_warns_before_the_wall(signed_in: Client, actor: Actor, output: int, words: str) -> None:
    _limit(actor.workspace_id, 100)
    settle(None, call(actor.workspace_id, output=output))
    assert words in signed_in.get("/usage/meter/").content.decode()


def test_an_unlimited_plan_has_no_meter_to_fill(signed_in: Client, actor: Actor) -> None:
    ensure_plans()
    apply_plan(actor.workspace_id, "enterprise")
    page = signed_in.get("/usage/meter/").content.decode()
    assert "unlimited" in page
    assert "<meter" not in page


def test_a_plan_in_dollars_is_shown_in_dollars(signed_in: Client, actor: Actor) -> None:
    _limit(actor.workspace_id, None, Decimal(5))
    settle(None, call(actor.workspace_id, output=100_000))
    reserve(hold(actor.workspace_id, 500, "0.25"))
    page = signed_in.get("/usage/meter/").content.decode()
    for words in ("$3.25 left", "$1.50 used<", "$0.2500 held for running answers", "resets "):
        assert words in page
    assert "tokens" not in page
    settle(None, call(actor.workspace_id, output=190_000))
    assert "87 % used: $4.35" in signed_in.get("/usage/meter/").content.decode()
    assert "of $5.00" in signed_in.get("/usage/").content.decode()


def test_where_tokens_and_money_are_limited_both_are_told(signed_in: Client, actor: Actor) -> None:
    _limit(actor.workspace_id, 10_000, Decimal(5))
    settle(None, call(actor.workspace_id, output=1_000))
    reserve(hold(actor.workspace_id, 500, "0.25"))
    page = signed_in.get("/usage/meter/").content.decode()
    for words in ("8,500 left", "$4.74 of $5.00 left", "1,000 tokens and $0.0150 used<", "500 tokens and $0.2500 held for running answers"):
        assert words in page


def test_the_page_has_totals_by_model_and_nobody_elses(signed_in: Client, actor: Actor, django_assert_max_num_queries: Any) -> None:
    settle(None, call(actor.workspace_id, model="sonnet", buckets=TokenBuckets(1200, 300, 40, 2, 5000)))
    settle(None, call(make_actor().workspace_id, model="of-a-stranger"))
    reserve(hold(actor.workspace_id, 321))
    with django_assert_max_num_queries(6):
        page = signed_in.get("/usage/").content.decode()
    assert "<h1>Usage</h1>" in page
    for words in ("sonnet", "1,200", "300", "42", "5,000", "6,542", "$0.0789", "of 100,000", "321", "Export CSV</a>"):
        assert words in page
    assert "of-a-stranger" not in page


@pytest.mark.parametrize(
    ("tokens", "words"),
    [
        (9_999_999, "tokens by .*, within the plan</dd>"),
        (5_301, '<dd class="quiet">is when the plan’s tokens will end</dd>'),
        (5_300, '<dd>Used up</dd>\\s*<dd class="quiet">resets on '),
        (None, r"tokens by [^,]*, \$0\.\d+</dd>"),
    ],
)
def test_the_figures_say_where_this_leads_what_caching_saved_and_how_fresh_they_are(
    signed_in: Client, actor: Actor, tokens: int | None, words: str
) -> None:
    assert "nothing used in the last 7 days" in signed_in.get("/usage/").content.decode()
    _limit(actor.workspace_id, tokens)
    settle(None, call(actor.workspace_id, buckets=TokenBuckets(cache_read=5_000, output=300)))
    page = signed_in.get("/usage/").content.decode()
    assert re.search(words, page)
    assert re.search(r"caching saved (<data[^>]*>)?\$0\.0135", page)
    assert re.search(r"UTC · up to date at \d\d:\d\d:\d\d</p>", page)


def test_an_unused_month_says_so(signed_in: Client) -> None:
    assert "Nothing used yet this month" in signed_in.get("/usage/").content.decode()


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("0", "$0.00"),
        ("0.00009", "under $0.0001"),
        ("0.01374", "$0.0137"),
        ("0.99995", "$1.0000"),
        ("4.625", "$4.63"),
        ("1234.5", "$1,234.50"),
    ],
)
def test_money_is_readable(amount: str, text: str) -> None:
    assert usd(Decimal(amount)) == text


@pytest.mark.parametrize(("language", "span"), [("", "Oct. 30, 2026 to Nov. 2, 2026"), ("en-gb", "30 Oct 2026 to 2 Nov 2026")])
def test_the_range_is_written_as_the_person_writes_dates(signed_in: Client, actor: Actor, language: str, span: str) -> None:
    get_user_model().objects.filter(id=actor.user_id).update(language=language)
    assert f">{span}, UTC" in signed_in.get("/usage/?range=own&from=2026-10-30&to=2026-11-02").content.decode()
