"""What was used, and what is left of the plan."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from chatplatform.gallery.samples import LARGE, LONG_NAME, MIDDLE, SMALL
from chatplatform.gallery.state import State
from usage import chart, page
from usage.breakdown import By, Row
from usage.figures import Figures, KindFigures
from usage.forecast import Forecast
from usage.periods import month_of
from usage.plans import FIRST_PLANS
from usage.ranges import RangeName, UsageRange, make_range
from usage.summary import Summary
from usage.types import LEVELS, Balance, Confidence, Purpose

_NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
_PERIOD = month_of(_NOW)
_HALF = Balance("free", "Free", 100_000, 20_400, 0, None, Decimal(0), Decimal(0), _PERIOD.starts_at, _PERIOD.ends_at)


def states() -> list[State]:
    return [*_meters(), *_figures(), *_page()]


def _meters() -> list[State]:
    money = {"cost_limit": Decimal(20), "cost_used": Decimal("4.105"), "cost_held": Decimal("0.2")}
    team = replace(_HALF, plan_name="Team", **money)  # type: ignore[arg-type]
    meters = {
        "Meter at 20 percent": _HALF,
        "Meter with running answers": replace(_HALF, tokens_held=9_400),
        "Meter at 85 percent": replace(_HALF, tokens_used=85_000),
        "Meter at 100 percent": replace(_HALF, tokens_used=100_812),
        "Meter with a budget": team,
        "Meter with a budget alone": replace(team, tokens_limit=None, cost_used=Decimal("17.32")),
        "Meter without a limit": replace(_HALF, plan_name="Enterprise", tokens_limit=None),
    }
    notices = {f"Notice at {level} percent": {"balance": _HALF, "level": level} for level in LEVELS}
    return [
        *(State(name, "usage/_meter.html", {"balance": balance}, classes="row-side") for name, balance in meters.items()),
        *(State(name, "usage/_limit_notice.html", context) for name, context in notices.items()),
    ]


def _summary(chosen: UsageRange) -> Summary:
    kinds = [
        KindFigures(part, model.provider.value, model.model_id, Purpose.CHAT, Confidence.REPORTED, _used(1 + part * 7 % 5 + number))
        for part in range(len(chosen.parts))
        for number, model in enumerate((SMALL, MIDDLE))
    ]
    return Summary(chosen, _NOW, replace(_HALF, tokens_held=1_200), Forecast(31_000, Decimal("6.2")), kinds)


def _used(times: int) -> Figures:
    once = Figures(1, 820, 400, 120, 0, 310, 90, 1650, Decimal("0.0093"), Decimal("0.0011"))
    return Figures._make(value * times for value in once)


def _figures() -> list[State]:
    summary = _summary(make_range(RangeName.PERIOD, UTC, _NOW, _PERIOD))
    context = {"summary": summary, "total": summary.total, "balance": summary.balance, "forecast": summary.forecast, "of_the_plan": True}
    ends = Forecast(140_000, Decimal(9), "tokens", _NOW + timedelta(days=4))
    over = Forecast(140_000, Decimal(9), "tokens", _NOW)
    dearer = summary.total._replace(saved=Decimal("-0.12"))
    return [
        State("Figures of the period", "usage/_figures.html", context),
        State("Figures, the plan will end", "usage/_figures.html", {**context, "forecast": ends}),
        State("Figures, the plan has ended", "usage/_figures.html", {**context, "forecast": over}),
        State(
            "Figures, caches cost more",
            "usage/_figures.html",
            {**context, "total": dearer, "extra_cost": Decimal("0.12"), "forecast": None},
        ),
    ]


def _page() -> list[State]:
    chosen = make_range(RangeName.OWN, UTC, _NOW, _PERIOD, date(2026, 11, 2), date(2026, 11, 15))
    summary = _summary(chosen)
    plans = {"plans": FIRST_PLANS, "balance": _HALF}
    return [
        State("Range", "usage/_range.html", {**_tabs(chosen), "first_day": page.first_day(chosen), "last_day": page.last_day(chosen)}),
        _trend("Trend in tokens", chosen, summary, "tokens"),
        _trend("Trend in cost", chosen, summary, "cost"),
        State("Trend of nothing", "usage/_trend.html", {**_tabs(chosen), "range": chosen, "chart": None}),
        State("Kinds of tokens", "usage/_buckets.html", {"buckets": page.bucket_rows(summary.total)}),
        State("Breakdown", "usage/_breakdown.html", {**_tabs(chosen), "rows": _rows(summary), "total": summary.total}),
        State("Plans", "usage/_plans.html", plans),
    ]


def _tabs(chosen: UsageRange) -> dict[str, Any]:
    by = By.MODEL
    return {
        "by": by,
        "range_tabs": page.range_tabs(chosen, by, "tokens"),
        "by_tabs": page.by_tabs(chosen, by, "tokens"),
        "measure_tabs": page.measure_tabs(chosen, by, "tokens"),
    }


def _trend(name: str, chosen: UsageRange, summary: Summary, measure: str) -> State:
    drawn = chart.draw(chosen, summary.by_part(), measure)
    series = page.series_names(drawn, {"openai": "OpenAI", "anthropic": "Anthropic"}) if drawn else []
    return State(name, "usage/_trend.html", {**_tabs(chosen), "range": chosen, "chart": drawn, "series": series, "total": summary.total})


def _rows(summary: Summary) -> list[Row]:
    names = {MIDDLE.model_id: MIDDLE.name, SMALL.model_id: SMALL.name}
    rows = [Row(model, names[model], figures, url="/usage/") for (_, model), figures in summary.by_model.items()]
    return [*rows, Row("", LARGE.name, Figures(), note="not used"), Row("long", LONG_NAME, _used(3))]
