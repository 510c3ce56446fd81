"""Anthropic's reports -> lines.

What is read (platform.claude.com/docs, "Usage and Cost API" and the reference of both reports, and exports of the Console, read
in November 2026):
* **Usage report**, `/v1/organizations/usage_report/messages` with `group_by[]=model`: buckets with `starting_at` and `ending_at`;
  `uncached_input_tokens` is **beside** cached ones, cache writes are told apart by life span.
* **Cost report**, `/v1/organizations/cost_report` with `group_by[]=description`: `amount` is in **cents**, as text with decimals.
  What is not of `cost_type` `tokens` (web search, code execution) is no use of a model.
* **CSV of the Console**, usage: one column for each bucket of tokens. Costs: one row for each kind of token, in dollars,
  rounded to cents, with names of models as people read them ("Claude Haiku 4.5").
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, Any

from usage.reports.fields import cents, count, moment, money, slack_of, span, text, usd_only, whole_day
from usage.reports.reading import RowCounter, is_json, objects, read_csv, read_json
from usage.reports.types import Limits, ReportLine, Span, Tokens, UnreadableReport

_LABELS = ("workspace_id", "workspace", "api_key_id", "api_key")
_CSV_TOKENS = (
    "usage_input_tokens_no_cache",
    "usage_input_tokens_cache_read",
    "usage_input_tokens_cache_write_5m",
    "usage_input_tokens_cache_write_1h",
    "usage_output_tokens",
)


def read(file: IO[bytes], head: bytes, limits: Limits) -> Iterator[ReportLine | Span]:
    yield from _json(file, limits) if is_json(head) else _csv(file, limits)


def _json(file: IO[bytes], limits: Limits) -> Iterator[ReportLine | Span]:
    rows = RowCounter(limits)
    for page in read_json(file, limits):
        for bucket in objects(page.get("data"), "data"):
            row = rows.next()
            starts_at = moment(bucket.get("starting_at"), row, "starting_at")
            yield span(starts_at, moment(bucket.get("ending_at"), row, "ending_at"), row)
            for number, result in enumerate(objects(bucket.get("results"), "results", row)):
                row = rows.next() if number else row
                if "amount" in result:
                    yield _cost(result, starts_at.date(), row)
                elif "output_tokens" in result:
                    yield _usage(result, starts_at.date(), row)
                else:
                    raise UnreadableReport("This is neither use of tokens nor a cost.", row)


def _usage(result: dict[str, Any], day: Any, row: int) -> ReportLine:
    writes = result.get("cache_creation") or {}
    if not isinstance(writes, dict):
        raise UnreadableReport("“cache_creation” has to be an object.", row)
    tokens = Tokens(
        fresh_input=count(result.get("uncached_input_tokens"), row, "uncached_input_tokens"),
        cache_read=count(result.get("cache_read_input_tokens"), row, "cache_read_input_tokens"),
        cache_write_5m=count(writes.get("ephemeral_5m_input_tokens"), row, "ephemeral_5m_input_tokens"),
        cache_write_1h=count(writes.get("ephemeral_1h_input_tokens"), row, "ephemeral_1h_input_tokens"),
        output=count(result.get("output_tokens"), row, "output_tokens"),
    )
    if not result.get("model"):
        raise UnreadableReport("This use names no model. Ask Anthropic for the report grouped by model.", row)
    return ReportLine(row, day, text(result["model"], row, "model"), tokens, labels=_labels(result))


def _cost(result: dict[str, Any], day: Any, row: int) -> ReportLine:
    usd_only(result.get("currency"), row)
    amount = cents(money(result["amount"], row, "amount"))
    model = text(result.get("model"), row, "model", required=False)
    if not model:
        model = text(result.get("description") or result.get("cost_type"), row, "description", required=False)
    if not model:
        raise UnreadableReport("This cost names no model. Ask Anthropic for the report grouped by description.", row)
    return ReportLine(row, day, model, cost=amount, labels=_labels(result))


def _csv(file: IO[bytes], limits: Limits) -> Iterator[ReportLine | Span]:
    for row, cells in read_csv(file, limits):
        if "usage_date_utc" not in cells or not {"cost_usd", "usage_output_tokens"} & cells.keys():
            raise UnreadableReport("This is no usage or cost export of the Console: columns such as usage_date_utc are missing.", 1)
        day = moment(cells["usage_date_utc"], row, "usage_date_utc").date()
        yield whole_day(day, row)
        model = text(cells.get("model_version") or cells.get("model") or cells.get("cost_type"), row, "model")
        if "cost_usd" in cells:
            amount = money(cells["cost_usd"], row, "cost_usd")
            yield ReportLine(row, day, model, cost=amount, slack=slack_of(amount), labels=_labels(cells))
        else:
            missing = [name for name in _CSV_TOKENS if name not in cells]
            if missing:
                raise UnreadableReport(f"The column {missing[0]} is missing.", 1)
            fresh, read, short, long, output = (count(cells[name], row, name) for name in _CSV_TOKENS)
            yield ReportLine(row, day, model, Tokens(fresh, read, short, long, output), labels=_labels(cells))


def _labels(fields: dict[str, Any]) -> tuple[str, ...]:
    return tuple(str(fields[name]) for name in _LABELS if fields.get(name))
