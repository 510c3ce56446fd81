"""What the usage page shows of a summary, in its own words. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.formats import date_format

from usage.breakdown import By
from usage.chart import OTHER, Chart
from usage.figures import Figures
from usage.ranges import RangeName, UsageRange
from usage.summary import Summary


@dataclass(frozen=True, slots=True)
class Tab:
    """A link of a row of links, of which one is where one is."""

    text: str
    query: str
    current: bool


@dataclass(frozen=True, slots=True)
class Bucket:
    name: str
    tokens: int
    permille: int  # of all tokens
    note: str = ""

    @property
    def percent(self) -> str:
        return f"{self.permille / 10:.1f}"


_RANGES = {RangeName.TODAY: "Today", RangeName.WEEK: "7 days", RangeName.MONTH: "30 days", RangeName.PERIOD: "This period"}
_BY = {By.MODEL: "Model", By.PROVIDER: "Provider", By.PURPOSE: "Purpose", By.CONVERSATION: "Conversation"}
_MEASURES = {"tokens": "Tokens", "cost": "Cost"}


def range_query(chosen: UsageRange) -> str:
    """The part of an address that says which range."""
    if chosen.name is not RangeName.OWN:
        return f"range={chosen.name.value}"
    return f"range=own&from={first_day(chosen):%Y-%m-%d}&to={last_day(chosen):%Y-%m-%d}"


def range_tabs(chosen: UsageRange, by: By, measure: str) -> list[Tab]:
    return [Tab(text, f"range={name.value}&by={by.value}&chart={measure}", name is chosen.name) for name, text in _RANGES.items()]


def by_tabs(chosen: UsageRange, by: By, measure: str) -> list[Tab]:
    return [Tab(text, f"{range_query(chosen)}&by={name.value}&chart={measure}", name is by) for name, text in _BY.items()]


def measure_tabs(chosen: UsageRange, by: By, measure: str) -> list[Tab]:
    return [Tab(text, f"{range_query(chosen)}&by={by.value}&chart={name}", name == measure) for name, text in _MEASURES.items()]


def first_day(chosen: UsageRange) -> datetime:
    return chosen.starts_at.astimezone(chosen.zone)


def last_day(chosen: UsageRange) -> datetime:
    return (chosen.ends_at - timedelta(microseconds=1)).astimezone(chosen.zone)


def span_words(chosen: UsageRange, now: datetime) -> str:
    """`1 Nov 2026 to 22 Nov 2026`, as the person writes dates; up to today where the range goes on beyond it; with the clock where it does
    not begin at midnight."""
    start, end = first_day(chosen), last_day(chosen)
    today = now.astimezone(chosen.zone)
    if chosen.name is not RangeName.OWN and end > today:
        end = today
    clock = chosen.name is RangeName.PERIOD and not start.hour == start.minute == 0
    if start.date() == end.date():
        return date_format(start, "DATE_FORMAT")
    return f"{date_format(start, 'DATETIME_FORMAT' if clock else 'DATE_FORMAT')} to {date_format(end, 'DATE_FORMAT')}"


def bucket_rows(figures: Figures) -> list[Bucket]:
    """Which tokens these are; together they are all."""
    named = [
        ("Fresh input", figures.fresh_input, ""),
        ("Cache reads", figures.cache_read, ""),
        ("Cache writes", figures.cache_write, ""),
        ("Output", figures.output, f"{figures.reasoning:,} of them reasoning" if figures.reasoning else ""),
    ]
    return [
        Bucket(name, tokens, 1000 * max(tokens, 0) // figures.tokens if figures.tokens > 0 else 0, note) for name, tokens, note in named
    ]


def series_names(chart: Chart, names: dict[str, str]) -> Sequence[str]:
    return ["Others" if name == OTHER else names.get(name, name) for name in chart.series]


def is_of_the_plan(summary: Summary) -> bool:
    """The range is what the plan's limits are counted in."""
    return summary.range.name is RangeName.PERIOD
