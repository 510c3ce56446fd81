"""`/usage/summary.json` as docs/usage-api.md describes it. Money is text with all its decimals, times are ISO 8601 in UTC."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any

from accounts.types import Actor
from usage.breakdown import By, Row
from usage.figures import Figures, summed
from usage.formats import exact
from usage.selectors.breakdown import get_breakdown
from usage.summary import Summary

SCHEMA = "usage-summary/1"


def summary_json(actor: Actor, summary: Summary) -> dict[str, Any]:
    """The whole document. Call it in the moment that the summary was read in."""
    chosen, balance = summary.range, summary.balance
    return {
        "schema": SCHEMA,
        "as_of": _time(summary.as_of),
        "range": {
            "name": chosen.name.value,
            "from": _time(chosen.starts_at),
            "to": _time(chosen.ends_at),
            "time_zone": str(chosen.zone),
            "step": chosen.step.value,
        },
        "totals": {**_figures(summary.total), "answers": summary.answers, "estimated": _figures(summary.estimated)},
        **{f"by_{by.value}": _rows(get_breakdown(actor, summary, by)) for by in By},
        "series": _series(summary),
        "plan": {
            "code": balance.plan_code,
            "name": balance.plan_name,
            "from": _time(balance.period_start),
            "resets_at": _time(balance.period_end),
            "tokens": {
                "limit": balance.tokens_limit,
                "used": balance.tokens_used,
                "held": balance.tokens_held,
                "left": balance.tokens_left,
            },
            "cost_usd": {
                "limit": _money(balance.cost_limit),
                "used": _money(balance.cost_used),
                "held": _money(balance.cost_held),
                "left": _money(balance.cost_left),
            },
            "percent_used": balance.percent_used,
        },
        "forecast": _forecast(summary),
    }


def _figures(figures: Figures) -> dict[str, Any]:
    return {
        "calls": figures.calls,
        "tokens": figures.tokens,
        "fresh_input": figures.fresh_input,
        "cache_read": figures.cache_read,
        "cache_write_5m": figures.cache_write_5m,
        "cache_write_1h": figures.cache_write_1h,
        "output": figures.output,
        "reasoning": figures.reasoning,
        "cost_usd": _money(figures.cost),
        "saved_by_caching_usd": _money(figures.saved),
    }


def _rows(rows: Sequence[Row]) -> list[dict[str, Any]]:
    return [{"reference": row.reference, "name": row.name, **_figures(row.figures)} for row in rows]


def _series(summary: Summary) -> list[dict[str, Any]]:
    return [
        {
            "from": _time(start),
            "to": _time(end),
            **_figures(summed(part.values())),
            "by_provider": {k: _figures(v) for k, v in part.items()},
        }
        for (start, end), part in zip(pairwise(summary.range.boundaries), summary.by_part(), strict=True)
    ]


def _forecast(summary: Summary) -> dict[str, Any] | None:
    found = summary.forecast
    if found is None:
        return None
    return {
        "tokens": found.tokens,
        "cost_usd": _money(found.cost),
        "limit_reached": found.unit,
        "limit_reached_at": _time(found.ends_at) if found.ends_at else None,
    }


def _money(amount: Decimal | None) -> str | None:
    return None if amount is None else exact(amount)


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
