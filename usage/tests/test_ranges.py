"""Days are the reader's own days, also where clocks change; the plan's period is the plan's."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.exceptions import InvalidInput
from usage.periods import Span, month_of
from usage.ranges import RangeName, Step, UsageRange, make_range

NOW = datetime(2026, 11, 22, 15, 30, tzinfo=UTC)


def _range(name: str, zone: str = "UTC", now: datetime = NOW, period: Span | None = None, **days: date) -> UsageRange:
    return make_range(RangeName(name), ZoneInfo(zone), now, period or month_of(now), **days)


def _local(chosen: UsageRange) -> list[str]:
    return [f"{moment.astimezone(chosen.zone):%d %H:%M}" for moment in chosen.boundaries]


def test_today_is_from_midnight_to_midnight_where_one_is() -> None:
    chosen = _range("today", "Asia/Kolkata")
    assert (chosen.step, len(chosen.parts)) == (Step.HOUR, 24)
    assert (_local(chosen)[0], _local(chosen)[-1]) == ("22 00:00", "23 00:00")


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Brussels", datetime(2026, 3, 29, 12), 23),
        ("Europe/Brussels", datetime(2026, 10, 25, 12), 25),
        ("America/New_York", datetime(2026, 11, 1, 12), 25),
        ("America/Santiago", datetime(2026, 9, 6, 18), 23),  # midnight is skipped
        ("Africa/Cairo", datetime(2026, 4, 24, 12), 23),  # midnight is skipped
        ("America/Havana", datetime(2026, 11, 1, 18), 25),  # midnight comes twice
        ("Australia/Lord_Howe", datetime(2026, 10, 4, 2), 23.5),
        ("Australia/Lord_Howe", datetime(2026, 4, 5, 2), 24.5),
    ],
)
def test_a_day_on_which_clocks_change_is_as_long_as_it_is(zone: str, day: datetime, hours: float) -> None:
    chosen = _range("today", zone, day.replace(tzinfo=UTC))
    assert chosen.ends_at - chosen.starts_at == timedelta(hours=hours)
    seen = {moment.astimezone(chosen.zone).date() for moment in (chosen.starts_at, chosen.ends_at - timedelta(microseconds=1))}
    assert seen == {day.replace(tzinfo=UTC).astimezone(chosen.zone).date()}
    assert (chosen.starts_at - timedelta(microseconds=1)).astimezone(chosen.zone).date() not in seen


@pytest.mark.parametrize(("name", "days"), [("7d", 7), ("30d", 30)])
def test_the_last_days_end_with_today(name: str, days: int) -> None:
    chosen = _range(name, "Europe/Brussels")
    assert (chosen.step, len(chosen.parts)) == (Step.DAY, days)
    assert chosen.boundaries[-2].astimezone(chosen.zone) == datetime(2026, 11, 22, tzinfo=chosen.zone)
    assert all(f"{moment.astimezone(chosen.zone):%H:%M}" == "00:00" for moment in chosen.boundaries)


def test_the_period_has_the_plans_borders_and_the_readers_days() -> None:
    chosen = _range("period", "America/New_York")
    assert (chosen.starts_at, chosen.ends_at) == (datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC))
    assert _local(chosen)[:3] == ["31 20:00", "01 00:00", "02 00:00"]
    assert _local(chosen)[-2:] == ["22 00:00", "30 19:00"], "what lies ahead belongs to the last part"


def test_a_period_may_begin_at_any_moment() -> None:
    span = Span(datetime(2026, 11, 3, 14, 23, 11, tzinfo=UTC), datetime(2026, 12, 3, 14, 23, 11, tzinfo=UTC))
    chosen = _range("period", "UTC", period=span)
    assert (chosen.starts_at, chosen.ends_at) == (span.starts_at, span.ends_at)


def test_a_range_of_ones_own_is_cut_into_hours_days_or_months() -> None:
    one = date(2026, 2, 1)
    assert _range("own", first=one, last=one).step is Step.HOUR
    assert _range("own", first=one, last=date(2026, 2, 2)).step is Step.DAY
    year = _range("own", "Europe/Brussels", first=date(2025, 1, 15), last=date(2026, 1, 14))
    assert (year.step, len(year.parts)) == (Step.MONTH, 13)
    assert _local(year)[:2] == ["15 00:00", "01 00:00"]


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (None, None, "first and the last day"),
        (date(2026, 2, 2), date(2026, 2, 1), "before the first"),
        (date(2020, 1, 1), date(2026, 1, 1), "at most 1,100 days"),
        (date(1, 1, 1), date(1, 1, 2), "of this century"),
        (date(9999, 12, 31), date(9999, 12, 31), "of this century"),
    ],
)
def test_what_is_no_range_is_said_in_words(first: date, last: date, words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        _range("own", first=first, last=last)
