"""`settle`: what was really used, exactly once, whatever became of the hold."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone

from usage.models import Hold, LedgerEntry, Period
from usage.services import audit, expire_dead_leases, release, reserve, settle
from usage.tests.builders import PRICES, call, counters, hold, make_actor, make_workspace
from usage.types import Confidence, TokenBuckets

pytestmark = pytest.mark.django_db
BUCKETS = TokenBuckets(fresh_input=100, cache_read=50, cache_write_5m=20, cache_write_1h=10, output=30, reasoning=7)
COST = Decimal("0.0009")  # 300 + 15 + 75 + 60 + 450 millionths of a dollar


def test_the_hold_becomes_what_was_used() -> None:
    workspace = make_workspace()
    reserve(hold(workspace, 1000, "0.9", key="k"))
    settled = settle("k", call(workspace, buckets=BUCKETS))
    assert (settled.tokens, settled.cost) == (210, COST)
    assert counters(workspace) == (210, 0, COST, 0)
    row = Hold.objects.get(key="k")
    assert row.state == "settled"
    assert row.closed_at is not None


def test_the_ledger_row_says_everything_about_the_call() -> None:
    actor = make_actor()
    moment = timezone.now() - timedelta(minutes=1)
    facts = call(actor.workspace_id, user_id=actor.user_id, buckets=BUCKETS, raw_usage={"input": 1, "deep": [None]}, called_at=moment)
    entry = LedgerEntry.objects.get(id=settle(None, facts).ledger_entry_id)
    assert (entry.key, entry.workspace_id, entry.user_id, entry.source) == (facts.key, actor.workspace_id, actor.user_id, facts.source)
    assert (entry.provider, entry.model, entry.purpose, entry.confidence) == ("anthropic", "claude", "chat", "reported")
    stored = TokenBuckets(entry.fresh_input, entry.cache_read, entry.cache_write_5m, entry.cache_write_1h, entry.output, entry.reasoning)
    assert stored == BUCKETS
    assert (entry.price_input, entry.price_cache_write_1h, entry.price_output) == (PRICES.input, PRICES.cache_write_1h, PRICES.output)
    assert (entry.cost, entry.called_at, entry.raw_usage) == (COST, moment, {"input": 1, "deep": [None]})


def test_the_prices_in_the_ledger_are_those_that_applied() -> None:
    workspace = make_workspace(tokens=None)
    settle(None, call(workspace, fresh=200_001))
    entry = LedgerEntry.objects.get()
    assert (entry.price_input, entry.price_output) == (Decimal(6), Decimal("22.5"))


def test_settling_again_writes_nothing_and_answers_the_same() -> None:
    workspace = make_workspace()
    reserve(hold(workspace, key="k"))
    first = settle("k", call(workspace, key="c", output=10))
    assert settle("k", call(workspace, key="c", output=99)) == first
    assert settle(None, call(workspace, key="c")) == first
    assert counters(workspace)[:2] == (10, 0)
    assert LedgerEntry.objects.count() == 1


def test_a_call_settled_without_its_hold_still_lets_the_hold_close_later() -> None:
    workspace = make_workspace()
    reserve(hold(workspace, key="k"))
    settle(None, call(workspace, key="c"))
    settle("k", call(workspace, key="c"))
    assert counters(workspace)[:2] == (10, 0)


def test_several_calls_may_share_a_hold_and_it_is_given_back_once() -> None:
    workspace = make_workspace()
    reserve(hold(workspace, key="other"))
    reserve(hold(workspace, key="k"))
    settle("k", call(workspace, output=10))
    settle("k", call(workspace, output=20))
    assert counters(workspace)[:2] == (30, 100)


def test_spend_after_the_lease_ran_out_counts_and_gives_nothing_back_twice() -> None:
    workspace = make_workspace()
    reserve(hold(workspace, key="other", lease_seconds=9999))
    reserve(hold(workspace, key="k"))
    assert expire_dead_leases(now=timezone.now() + timedelta(minutes=5)) == 1
    settle("k", call(workspace))
    assert counters(workspace)[:2] == (10, 100)
    assert Hold.objects.get(key="k").state == "settled"
    assert audit() == []


def test_spend_after_a_release_counts_too() -> None:
    workspace = make_workspace()
    reserve(hold(workspace, key="k"))
    assert release("k")
    settle("k", call(workspace))
    assert counters(workspace)[:2] == (10, 0)
    assert audit() == []


def test_spend_beyond_the_hold_and_beyond_the_limit_is_never_lost() -> None:
    workspace = make_workspace(tokens=100)
    reserve(hold(workspace, 100, key="k"))
    settle("k", call(workspace, output=5000))
    assert counters(workspace)[:2] == (5000, 0)


def test_an_unknown_hold_or_one_of_another_workspace_does_not_stop_the_spend() -> None:
    workspace, stranger = make_workspace(), make_workspace()
    reserve(hold(stranger, key="k"))
    settle("k", call(workspace))
    settle("never made", call(workspace))
    assert counters(workspace)[:2] == (20, 0)
    assert counters(stranger)[:2] == (0, 100)


def test_a_hold_of_last_month_is_charged_to_last_month() -> None:
    workspace = make_workspace()
    november, december = datetime(2026, 11, 30, 23, 59, tzinfo=UTC), datetime(2026, 12, 1, 0, 1, tzinfo=UTC)
    reserve(hold(workspace, key="k"), now=november)
    settle("k", call(workspace, called_at=december))
    settle(None, call(workspace, output=7, called_at=december))
    used = dict(Period.objects.filter(workspace_id=workspace).values_list("starts_at__month", "tokens_used"))
    assert (used[11], used[12]) == (10, 7)
    by_time = dict(LedgerEntry.objects.order_by("id").values_list("tokens", "called_at"))
    assert by_time == {10: november, 7: december}


def test_the_spend_of_somebody_erased_meanwhile_is_pseudonymous() -> None:
    actor = make_actor()
    get_user_model().objects.get(id=actor.user_id).delete()
    settle(None, call(actor.workspace_id, user_id=actor.user_id))
    assert LedgerEntry.objects.get().user_id is None


@pytest.mark.parametrize("raw", [{"text": "a\x00b"}, {"big": 2**70}, {"odd": "\ud800"}, {1: {2, 3}}])
def test_what_json_cannot_hold_never_stands_in_the_way_of_the_spend(raw: dict[str, object]) -> None:
    workspace = make_workspace()
    settle(None, call(workspace, raw_usage=raw, confidence=Confidence.ESTIMATED))
    assert counters(workspace)[0] == 10
