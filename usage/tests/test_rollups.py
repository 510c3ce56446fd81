"""Rollups are the ledger: every call once, late ones too, whoever adds them and however often."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from io import StringIO
from itertools import pairwise
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone

from bench.kit.ledger import fill_ledger
from usage.figures import Figures, summed
from usage.ladder import rungs
from usage.models import LedgerEntry, PendingEntry, PersonDay, Rollup, SubjectDay
from usage.selectors.figures import read_kinds, read_people, read_subjects
from usage.services import audit, audit_rollups, rebuild_rollups, record_calls, roll_up, settle
from usage.tests.builders import all_at_once, call, make_actor, make_workspace
from usage.types import Grain, TokenBuckets

FROM, TO = datetime(2026, 9, 20, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)
MOMENT = datetime(2026, 11, 22, 10, 37, tzinfo=UTC)


def _sums(workspace_id: UUID, starts_at: datetime = FROM, ends_at: datetime = TO) -> Figures:
    return summed(row.figures for row in read_kinds(workspace_id, rungs((starts_at, ends_at))))


@pytest.mark.django_db
def test_a_call_counts_at_once_and_the_same_after_it_was_rolled_up(django_assert_num_queries: Any) -> None:
    workspace = make_workspace()
    settle(None, call(workspace, buckets=TokenBuckets(100, 50, 20, 10, 30, 7), called_at=MOMENT))
    # saved, in millionths: 50 x (3 - 0.3) - 20 x 0.75 - 10 x 3
    expected = Figures(1, 100, 50, 20, 10, 30, 7, 210, Decimal("0.0009"), Decimal("0.00009"))
    with django_assert_num_queries(1):
        assert _sums(workspace) == expected
    assert roll_up() == 1
    assert _sums(workspace) == expected
    rows = Rollup.objects.filter(workspace_id=workspace).values_list("grain", "starts_at", "tokens")
    assert set(rows) == {
        (Grain.DAY, MOMENT.replace(hour=0, minute=0), 210),
        (Grain.HOUR, MOMENT.replace(minute=0), 210),
        (Grain.QUARTER, MOMENT.replace(minute=30), 210),
    }
    assert roll_up() == 0, "again: nothing to do, nothing counted twice"
    assert _sums(workspace) == expected


@pytest.mark.django_db
def test_a_call_that_comes_weeks_late_lands_in_its_own_hour() -> None:
    workspace = make_workspace()
    settle(None, call(workspace, called_at=MOMENT))
    roll_up()
    record_calls([call(workspace, output=5, called_at=MOMENT - timedelta(days=40)), call(workspace, output=7, called_at=MOMENT)])
    assert roll_up() == 2
    hours = Rollup.objects.filter(workspace_id=workspace, grain=Grain.HOUR).order_by("starts_at").values_list("calls", "tokens")
    assert list(hours) == [(1, 5), (2, 17)]
    assert audit_rollups() == []


@pytest.mark.django_db
def test_a_call_that_was_not_written_is_not_noted() -> None:
    workspace = make_workspace()
    for _ in range(3):
        settle(None, call(workspace, key="same"))
    assert PendingEntry.objects.count() == 1
    with transaction.atomic():
        settle(None, call(workspace))
        transaction.set_rollback(True)
    assert PendingEntry.objects.count() == 1


@pytest.mark.django_db
def test_conversations_and_people_have_their_own_sums_and_strangers_have_none() -> None:
    actor, stranger = make_actor(), make_actor()
    for subject, output in (("conversation:a", 10), ("conversation:b", 20), ("conversation:a", 30), ("", 5)):
        settle(None, call(actor.workspace_id, subject=subject, output=output, user_id=actor.user_id, called_at=MOMENT))
        if output != 30:
            roll_up()
    shares = read_subjects(actor.workspace_id, FROM, TO, 10)
    assert [(share.name, share.figures.tokens) for share in shares] == [("conversation:a", 40), ("conversation:b", 20), (None, 5)]
    assert [share.name for share in read_subjects(actor.workspace_id, FROM, TO, 1)] == ["conversation:a"]
    assert [(share.name, share.figures.calls) for share in read_people(actor.workspace_id, FROM, TO, 10)] == [(actor.user_id, 4)]
    assert read_subjects(stranger.workspace_id, FROM, TO, 10) == read_people(stranger.workspace_id, FROM, TO, 10) == []
    get_user_model().objects.get(id=actor.user_id).delete()
    roll_up()
    settle(None, call(actor.workspace_id, output=1, called_at=MOMENT))
    assert [(share.name, share.figures.tokens) for share in read_people(actor.workspace_id, FROM, TO, 10)] == [(None, 66)]
    assert audit_rollups() == []


@pytest.mark.django_db
def test_every_cut_of_the_ledger_is_exact_before_during_and_after_rolling_up() -> None:
    actor = make_actor()
    ends = [FROM, FROM + timedelta(minutes=1), *(MOMENT + timedelta(days=days, seconds=11) for days in range(-50, 5, 9)), TO]

    def look() -> None:
        for start, end in pairwise(ends):
            own = LedgerEntry.objects.filter(workspace_id=actor.workspace_id, called_at__gte=start, called_at__lt=end)
            assert _sums(actor.workspace_id, start, end).cost == sum(entry.cost for entry in own)
            assert sum(share.figures.tokens for share in read_subjects(actor.workspace_id, start, end, 99)) == sum(e.tokens for e in own)

    for _ in range(2):  # the second time half of it is in the rollups, and half is not
        fill_ledger(actor.workspace_id, 1_500, FROM, TO, user_id=actor.user_id, conversations=50)
        look()
        assert roll_up(batch=701) == 1_500
        look()
    assert audit() == []
    assert audit_rollups() == []


@pytest.mark.django_db(transaction=True)
def test_many_who_roll_up_while_others_spend_count_everything_once() -> None:
    workspace, now = make_workspace(tokens=None), timezone.now()
    calls: list[Callable[[], object]] = [lambda: settle(None, call(workspace, output=3, key=uuid4().hex)), lambda: roll_up(batch=5)]
    seen: list[int] = []
    ended = threading.Event()

    def watch(number: int) -> None:
        if number == 0:
            while not ended.is_set():
                seen.append(_sums(workspace, now - timedelta(days=1), now + timedelta(days=1)).tokens)
        else:
            results = all_at_once(240, lambda call_number: calls[call_number % 2](), threads=10)
            ended.set()
            assert [result for result in results if isinstance(result, Exception)] == []

    assert all_at_once(2, watch, threads=2) == [None, None]
    roll_up()
    assert seen == sorted(seen), "a reader never saw a call vanish or count twice"
    assert _sums(workspace, now - timedelta(days=1), now + timedelta(days=1)).tokens == 360
    assert not PendingEntry.objects.exists()
    assert audit_rollups() == []


@pytest.mark.django_db(transaction=True)
def test_whoever_comes_second_leaves_the_work_to_the_first() -> None:
    workspace = make_workspace()
    settle(None, call(workspace))
    with transaction.atomic():
        assert roll_up() == 1
        assert all_at_once(3, lambda _: roll_up()) == [0, 0, 0]
    assert audit_rollups() == []


@pytest.mark.django_db(transaction=True)
def test_rollups_are_made_anew_from_the_ledger_for_one_or_for_all() -> None:
    actor, other = make_actor(), make_actor()
    for one in (actor, other):
        fill_ledger(one.workspace_id, 900, FROM, TO, user_id=one.user_id, conversations=9)
    roll_up(batch=500)
    settle(None, call(actor.workspace_id, called_at=MOMENT))
    before = _sums(actor.workspace_id)
    Rollup.objects.filter(workspace_id=actor.workspace_id, grain=Grain.HOUR).update(tokens=1)
    SubjectDay.objects.filter(workspace_id=other.workspace_id).delete()
    PersonDay.objects.filter(workspace_id=other.workspace_id).update(cost=0)
    assert {(drift.workspace_id, drift.table) for drift in audit_rollups()} == {
        (actor.workspace_id, "usage_rollup"),
        (other.workspace_id, "usage_subjectday"),
        (other.workspace_id, "usage_personday"),
    }
    with pytest.raises(CommandError, match="days of rollups drifted"):
        call_command("audit_ledger", stdout=StringIO())
    assert rebuild_rollups(workspace_id=actor.workspace_id) == 901
    assert {drift.workspace_id for drift in audit_rollups()} == {other.workspace_id}
    out = StringIO()
    call_command("rebuild_rollups", stdout=out)
    assert "sum up 1,801 ledger entries" in out.getvalue()
    assert _sums(actor.workspace_id) == before
    assert audit_rollups() == []
    roll_up()
    assert audit_rollups() == []


@pytest.mark.django_db(transaction=True)
def test_only_the_months_asked_for_are_made_anew() -> None:
    workspace = make_workspace(tokens=None)
    fill_ledger(workspace, 300, FROM, TO)
    roll_up()
    Rollup.objects.filter(workspace_id=workspace).update(tokens=1)
    out = StringIO()
    call_command("rebuild_rollups", "--since", "2026-10-05", "--until", "2026-10-06", "--workspace", str(workspace), stdout=out)
    assert {drift.day.month for drift in audit_rollups()} == {9, 11}
