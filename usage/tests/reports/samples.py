"""Reports as providers write them, built from figures."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from usage.reports.types import Span

DAY = date(2026, 10, 30)


def file(content: Any) -> io.BytesIO:
    """Text as it is, anything else as JSON."""
    return io.BytesIO((content if isinstance(content, str) else json.dumps(content)).encode())


def unix(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())


def openai_page(kind: str, *days: tuple[date, Sequence[Mapping[str, Any]]]) -> dict[str, Any]:
    """A page of the usage or the costs API: the results of each day."""
    buckets = [
        {
            "object": "bucket",
            "start_time": unix(day),
            "end_time": unix(day + timedelta(days=1)),
            "results": [{"object": f"organization.{kind}.result", **result} for result in results],
        }
        for day, results in days
    ]
    return {"object": "page", "data": buckets, "has_more": False, "next_page": None}


def openai_use(model: str | None, given: int, output: int, cached: int = 0, calls: int = 1, **more: Any) -> dict[str, Any]:
    return {
        "model": model,
        "input_tokens": given,
        "input_cached_tokens": cached,
        "output_tokens": output,
        "num_model_requests": calls,
        "project_id": None,
        **more,
    }


def openai_cost(item: str | None, value: Any, currency: str = "usd") -> dict[str, Any]:
    return {"amount": {"value": value, "currency": currency}, "line_item": item, "project_id": "proj_1"}


def anthropic_page(*days: tuple[date, Sequence[Mapping[str, Any]]]) -> dict[str, Any]:
    buckets = [
        {"starting_at": f"{day}T00:00:00Z", "ending_at": f"{day + timedelta(days=1)}T00:00:00Z", "results": list(results)}
        for day, results in days
    ]
    return {"data": buckets, "has_more": False, "next_page": None}


def anthropic_use(model: str | None, fresh: int, output: int, read: int = 0, short: int = 0, long: int = 0, **more: Any) -> dict[str, Any]:
    return {
        "uncached_input_tokens": fresh,
        "cache_read_input_tokens": read,
        "cache_creation": {"ephemeral_5m_input_tokens": short, "ephemeral_1h_input_tokens": long},
        "output_tokens": output,
        "server_tool_use": {"web_search_requests": 0},
        "model": model,
        "workspace_id": "wrkspc_1",
        **more,
    }


def anthropic_cost(model: str | None, amount: str, **more: Any) -> dict[str, Any]:
    return {"currency": "USD", "amount": amount, "model": model, "cost_type": "tokens", "description": None, **more}


def openrouter_calls(*rows: tuple[str, str, str, int, int, int]) -> str:
    """CSV of the logs: id, moment, cost, prompt and completion tokens, cached ones."""
    head = "generation_id,created_at,cost_total,cost_cache,tokens_prompt,tokens_completion,tokens_cached,model_permaslug,api_key_name"
    lines = [f"{name},{at},{cost},0,{given},{output},{cached},vendor/model-20260101,main" for name, at, cost, given, output, cached in rows]
    return "\n".join([head, *lines]) + "\n"


def lines_of(read: Any) -> list[Any]:
    return [line for line in read if not isinstance(line, Span)]
