"""Rungs cover every span exactly: nothing twice, nothing left out, and no entry read where a sum would do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

from hypothesis import given
from hypothesis import strategies as st

from usage.ladder import Rung, rungs
from usage.types import Grain

START = datetime(2026, 1, 1, tzinfo=UTC)
moments = st.integers(0, 400 * 86_400_000_000).map(lambda microseconds: START + timedelta(microseconds=microseconds))


def _is_whole(rung: Rung) -> bool:
    if rung.grain is None:
        return True
    width = timedelta(minutes=rung.grain.value)
    return not (rung.starts_at - START) % width and not (rung.ends_at - START) % width


@given(st.lists(moments, min_size=2, max_size=6, unique=True).map(sorted))
def test_neighbouring_spans_are_covered_without_gap_or_overlap_by_whole_steps(boundaries: list[datetime]) -> None:
    steps = rungs(boundaries)
    assert steps[0].starts_at == boundaries[0]
    assert steps[-1].ends_at == boundaries[-1]
    assert all(one.ends_at == other.starts_at for one, other in pairwise(steps))
    assert all(map(_is_whole, steps))
    for part, (start, end) in enumerate(pairwise(boundaries)):
        own = [step for step in steps if step.part == part]
        assert (own[0].starts_at, own[-1].ends_at) == (start, end)
        # Entries are read for less than a quarter at each end, however long the span is.
        assert sum((step.ends_at - step.starts_at for step in own if step.grain is None), timedelta()) < 2 * timedelta(minutes=15)


def test_a_month_of_utc_is_its_days() -> None:
    assert rungs((START, datetime(2026, 2, 1, tzinfo=UTC))) == [Rung(0, Grain.DAY, START, datetime(2026, 2, 1, tzinfo=UTC))]


def test_a_day_at_five_thirty_is_hours_between_two_half_hours() -> None:
    zone = ZoneInfo("Asia/Kolkata")
    steps = rungs((datetime(2026, 3, 2, tzinfo=zone), datetime(2026, 3, 3, tzinfo=zone)))
    assert [step.grain for step in steps] == [Grain.QUARTER, Grain.HOUR, Grain.QUARTER]
    assert [(step.ends_at - step.starts_at) / timedelta(minutes=30) for step in steps] == [1, 46, 1]


def test_no_zone_that_anybody_lives_in_needs_entries_for_its_days() -> None:
    days = [START + timedelta(days=91 * number, hours=hour) for number in range(40) for hour in (0, 12)]
    for name in available_timezones():
        zone = ZoneInfo(name)
        assert all(day.astimezone(zone).utcoffset() % timedelta(minutes=15) == timedelta() for day in days), name  # type: ignore[operator]
