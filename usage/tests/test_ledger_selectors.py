"""Reading the ledger: figures under answers, never those of a stranger."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from usage.selectors.ledger import for_sources
from usage.services import audit, record_calls, settle
from usage.tests.builders import call, counters, make_actor, make_workspace
from usage.types import Confidence, TokenBuckets

pytestmark = pytest.mark.django_db


def test_figures_of_a_source_add_up_over_its_calls(django_assert_num_queries: Any) -> None:
    workspace = make_workspace()
    settle(None, call(workspace, source="generation:a", buckets=TokenBuckets(5, 4, 3, 2, 10, 9)))
    settle(None, call(workspace, source="generation:a", buckets=TokenBuckets(1, 1, 1, 1, 1, 1), confidence=Confidence.ESTIMATED))
    settle(None, call(workspace, source="generation:b"))
    with django_assert_num_queries(1):
        figures = for_sources(workspace, ["generation:a", "generation:b", "generation:none"])
    assert set(figures) == {"generation:a", "generation:b"}
    a = figures["generation:a"]
    assert (a.buckets, a.tokens, a.calls) == (TokenBuckets(6, 5, 4, 3, 11, 10), 29, 2)
    # millionths of a dollar: 6 x 3 + 5 x 0.3 + 4 x 3.75 + 3 x 6 + 11 x 15
    assert a.cost == Decimal("0.0002175")
    assert (a.confidence, figures["generation:b"].confidence) == (Confidence.ESTIMATED, Confidence.REPORTED)


def test_a_stranger_sees_nothing() -> None:
    mine, stranger = make_actor(), make_actor()
    settle(None, call(mine.workspace_id, source="generation:a"))
    assert for_sources(stranger.workspace_id, ["generation:a"]) == {}


def test_past_calls_come_in_by_the_thousand_once_and_count_in_their_own_months() -> None:
    workspace = make_workspace(tokens=None)
    settle(None, call(workspace, key="known", output=7))
    now = timezone.now()
    calls = [call(workspace, key=f"{n}", output=1, called_at=now - timedelta(days=31 * (n % 3))) for n in range(3000)]
    record_calls([*calls, call(workspace, key="known", output=99)])
    record_calls(calls[:500])
    assert counters(workspace)[0] == 1007
    assert audit() == []
