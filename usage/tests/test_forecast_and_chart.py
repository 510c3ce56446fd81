"""The forecast is simple arithmetic that one can check; the chart says in words and patterns what it shows in colour."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from usage import chart, page
from usage.chart import SERIES
from usage.figures import Figures
from usage.forecast import Forecast, boundaries, forecast
from usage.formats import short
from usage.periods import month_of
from usage.ranges import RangeName, UsageRange, make_range
from usage.types import Balance

NOW = datetime(2026, 11, 21, tzinfo=UTC)  # ten days before the period ends
PERIOD = month_of(NOW)
UNLIMITED = Balance("t", "T", None, 5000, 0, None, Decimal(5), Decimal(0), PERIOD.starts_at, PERIOD.ends_at)
WEEK = [Figures(tokens=700, cost=Decimal("0.7"))] * 7


def test_the_period_goes_on_at_the_pace_of_the_last_seven_days() -> None:
    assert forecast(UNLIMITED, WEEK, NOW) == Forecast(12_000, Decimal(12))


def test_somebody_new_is_not_measured_by_days_before_they_came() -> None:
    assert forecast(UNLIMITED, [Figures()] * 5 + WEEK[:2], NOW) == Forecast(12_000, Decimal(12))
    assert forecast(UNLIMITED, [Figures()] * 7, NOW) is None


def test_the_limit_that_ends_first_is_told() -> None:
    both = replace(UNLIMITED, tokens_limit=8500, cost_limit=Decimal(6))
    found = forecast(both, WEEK, NOW)
    assert found is not None
    assert found.ends_at is not None
    assert (found.unit, round((found.ends_at - NOW) / timedelta(days=1), 3)) == ("cost", round(1 / 0.7, 3))
    within = forecast(replace(both, cost_limit=None, tokens_limit=12_001), WEEK, NOW)
    assert within is not None
    assert within.ends_at is None
    over = forecast(replace(both, tokens_limit=10), WEEK, NOW)
    assert over is not None
    assert (over.unit, over.ends_at) == ("tokens", NOW)
    too_little = forecast(replace(UNLIMITED, tokens_limit=5100, least_tokens=101), WEEK, NOW)
    assert too_little is not None
    assert (too_little.unit, too_little.ends_at) == ("tokens", NOW)


def test_the_last_seven_days_end_now() -> None:
    edges = boundaries(NOW.replace(minute=37))
    assert len(edges) == 8
    assert edges[-2] < NOW < edges[-1]


def _days(parts: list[dict[str, Figures]], measure: str = "tokens") -> tuple[UsageRange, Any]:
    chosen = make_range(RangeName.OWN, UTC, NOW, PERIOD, date(2026, 10, 30), date(2026, 10, 29) + timedelta(days=len(parts)))
    return chosen, chart.draw(chosen, parts, measure)


def _tokens(count: int) -> Figures:
    return Figures(tokens=count, cost=Decimal(count) / 100)


def test_columns_are_stacks_that_fill_the_plot_from_the_ground() -> None:
    _, drawn = _days([{"a": _tokens(300), "b": _tokens(90)}, {}, {"b": _tokens(10)}])
    assert drawn.series == ("a", "b")
    assert [line.label for line in drawn.lines] == ["0", "100", "200", "300", "400"]
    bottom, top = drawn.columns[0].segments
    assert (bottom.series, bottom.y, bottom.y + bottom.height + 1) == (1, Decimal(50), Decimal(200))
    assert (top.series, top.y + top.height + 1) == (2, bottom.y)
    assert drawn.columns[1].segments == ()
    assert [column.total.tokens for column in drawn.columns] == [390, 0, 10]


@pytest.mark.parametrize(
    ("language", "written"), [("en", ("Oct. 30, 2026", "Oct 30", "Nov 1")), ("en-gb", ("30 Oct 2026", "30 Oct", "1 Nov"))]
)
def test_days_are_named_as_the_person_names_them(language: str, written: tuple[str, ...]) -> None:
    with translation.override(language):
        columns = _days([{"a": _tokens(1)}] * 3)[1].columns
    assert (columns[0].title, columns[0].label, columns[2].label) == written
    assert columns[1].label == "31"


@pytest.mark.parametrize(("language", "written"), [("en", ("12 a.m.", "2 a.m.")), ("en-gb", ("00:00", "02:00"))])
def test_hours_are_named_as_the_person_names_them(language: str, written: tuple[str, ...]) -> None:
    chosen = make_range(RangeName.TODAY, UTC, NOW, PERIOD)
    with translation.override(language):
        drawn = chart.draw(chosen, [{"a": _tokens(1)}] * len(chosen.parts), "tokens")
    assert drawn
    assert (drawn.columns[0].label, drawn.columns[2].label) == written


def test_cost_has_its_own_scale_and_nothing_is_no_chart() -> None:
    assert _days([{"a": _tokens(0)}, {}])[1] is None
    assert _days([{"a": Figures(tokens=5)}, {}], "cost")[1] is None
    assert [line.label for line in _days([{"a": _tokens(800)}, {}], "cost")[1].lines][-1] == "$8.00"


def test_a_negative_sum_of_an_adjusted_day_is_in_the_table_and_not_drawn() -> None:
    _, drawn = _days([{"a": _tokens(-5)}, {"a": _tokens(7)}])
    assert drawn.columns[0].segments == ()
    assert drawn.columns[0].total.tokens == -5


def test_more_providers_than_patterns_are_one_series_of_others() -> None:
    names = {f"p{number}": _tokens(100 - number) for number in range(7)}
    chosen, drawn = _days([names, {}])
    assert drawn.series == ("p0", "p1", "p2", "p3", "other")
    assert drawn.columns[0].figures[-1].tokens == 96 + 95 + 94
    assert page.series_names(drawn, {"p0": "First"})[0::4] == ["First", "Others"]
    assert chosen.parts


@pytest.mark.parametrize("days", [2, 31, 92])
def test_words_below_the_columns_never_crowd(days: int) -> None:
    _, drawn = _days([{"a": _tokens(1)}] * days)
    assert len([column for column in drawn.columns if column.label]) <= 12
    assert len([column for column in drawn.columns if column.label and column.sparse]) <= 6
    assert all(0 <= column.x < column.x + column.width <= 100 for column in drawn.columns)


@pytest.mark.parametrize(
    ("count", "text"), [(0, "0"), (950, "950"), (1000, "1k"), (12_345, "12.3k"), (1_750_000, "1.75M"), (-2_000, "-2k")]
)
def test_counts_are_short(count: int, text: str) -> None:
    assert short(count) == text


def test_series_are_told_apart_without_colour() -> None:
    patterns = re.findall(r'<pattern id="series-(\d)"(.*?)</pattern>', render_to_string("usage/_trend_patterns.html"), re.DOTALL)
    assert [int(number) for number, _ in patterns] == list(range(1, SERIES + 2))
    # Without the numbers of their classes, which carry the colours, and without the plain ground that all of them have.
    shapes = {re.sub(r'class="\w+-\d"|<rect class="ground[^>]*>', "", body.partition(">")[2]) for _, body in patterns}
    assert len(shapes) == len(patterns)
