"""OpenRouter's reports -> lines.

What is read (openrouter.ai/docs: "Activity", the references of `/api/v1/activity` and `/api/v1/generation`, exports of the
Activity page; November 2026). All money is USD ("credits"), all days are UTC:
* **Calls**, as CSV of the logs (`generation_id`, `cost_total`, ...) or as answers of `/api/v1/generation`. Prompt tokens **include**
  cached ones. `native_*` are counted as the provider bills; the plain ones, all that the CSV has, may be counted otherwise.
* **Days**, as JSON of `/api/v1/activity` or CSV by day: prompt tokens in one sum, whatever came from a cache.
* What one's own key at a provider cost (`byok`) is on that provider's bill and not in here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, Any

from usage.reports.fields import count, moment, money, slack_of, text, whole_day
from usage.reports.reading import RowCounter, is_json, objects, read_csv, read_json
from usage.reports.types import Limits, ReportLine, Span, Tokens, UnreadableReport

_LABELS = ("api_key_name", "app_name", "api_key")


def read(file: IO[bytes], head: bytes, limits: Limits) -> Iterator[ReportLine | Span]:
    if not is_json(head):
        yield from _csv(file, limits)
        return
    rows = RowCounter(limits)
    for page in read_json(file, limits):
        data = page.get("data", page)
        for item in [data] if isinstance(data, dict) else objects(data, "data"):
            row = rows.next()
            yield from _call(item, row) if "id" in item or "generation_id" in item else _day(item, row, exact=True)


def _csv(file: IO[bytes], limits: Limits) -> Iterator[ReportLine | Span]:
    for row, cells in read_csv(file, limits):
        if "generation_id" in cells and "cost_total" in cells:
            yield from _call(cells, row)
        elif "date" in cells and "usage" in cells:
            yield from _day(cells, row, exact=False)
        else:
            raise UnreadableReport("This is no export of OpenRouter: neither generation_id and cost_total nor date and usage are there.", 1)


def _call(fields: dict[str, Any], row: int) -> Iterator[ReportLine]:
    call_id = text(fields.get("id") or fields.get("generation_id"), row, "generation id")
    native = fields.get("native_tokens_prompt") is not None and fields.get("native_tokens_completion") is not None
    prefix = "native_tokens_" if native else "tokens_"
    tokens = None
    if fields.get(f"{prefix}prompt") not in (None, "") and fields.get(f"{prefix}completion") not in (None, ""):
        given = count(fields[f"{prefix}prompt"], row, f"{prefix}prompt")
        cached = min(given, count(fields.get(f"{prefix}cached"), row, f"{prefix}cached"))
        output = count(fields[f"{prefix}completion"], row, f"{prefix}completion")
        tokens = Tokens(given - cached, cached, output=output, told=frozenset({"fresh_input", "cache_read", "output"}))
    yield ReportLine(
        row,
        moment(fields.get("created_at"), row, "created_at").date(),
        text(fields.get("model") or fields.get("model_permaslug"), row, "model"),
        tokens,
        money(fields.get("total_cost", fields.get("cost_total")), row, "cost", negative=False),
        calls=1,
        call_id=call_id,
        native_tokens=native,
        labels=_labels(fields),
    )


def _day(fields: dict[str, Any], row: int, *, exact: bool) -> Iterator[ReportLine | Span]:
    at = moment(fields.get("date"), row, "date")
    if at.hour or at.minute:
        raise UnreadableReport("This is an hour. Export the activity by day.", row)
    yield whole_day(at.date(), row)
    amount = money(fields.get("usage"), row, "usage")
    model = text(fields.get("model") or fields.get("slug") or fields.get("model_permaslug"), row, "model")
    prompt, completion = fields.get("prompt_tokens"), fields.get("completion_tokens")
    tokens = None
    if prompt not in (None, "") and completion not in (None, ""):
        given, output = count(prompt, row, "prompt_tokens"), count(completion, row, "completion_tokens")
        tokens = Tokens(given, output=output, told=frozenset({"fresh_input", "output"}))
    calls = count(fields.get("requests"), row, "requests")
    yield ReportLine(row, at.date(), model, tokens, amount, slack_of(amount) if not exact else amount * 0, calls, labels=_labels(fields))


def _labels(fields: dict[str, Any]) -> tuple[str, ...]:
    return tuple(str(fields[name]) for name in _LABELS if fields.get(name))
