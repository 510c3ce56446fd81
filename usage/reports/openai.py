"""OpenAI's reports -> lines.

What is read (platform.openai.com/docs/api-reference/usage, the OpenAPI description 2.3.0 and exports of the usage dashboard,
read in November 2026):
* **Usage API**, `/v1/organization/usage/completions` with `group_by=model`: pages of buckets with `start_time` and `end_time` in
  seconds of Unix and `results`. `input_tokens` **includes** cached and cache-written ones.
* **Costs API**, `/v1/organization/costs` with `group_by=line_item`: `amount.value` in `amount.currency`; a line item is
  "<model>, <kind of tokens>", anything else is no use of a model.
* The same two as **CSV** from the dashboard: the fields of a bucket and of a result side by side, empty for a bucket without use.

Both name models by their dated snapshots (`usage.reports.names`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, Any

from usage.reports.fields import count, moment, money, span, text, usd_only
from usage.reports.reading import RowCounter, is_json, objects, read_csv, read_json
from usage.reports.types import Limits, ReportLine, Span, Tokens, UnreadableReport

_UNGROUPED = "names no model. Ask OpenAI for usage grouped by model, and for costs grouped by line item."
_LABELS = ("project_id", "project_name", "api_key_id", "user_id")


def read(file: IO[bytes], head: bytes, limits: Limits) -> Iterator[ReportLine | Span]:
    yield from _json(file, limits) if is_json(head) else _csv(file, limits)


def _json(file: IO[bytes], limits: Limits) -> Iterator[ReportLine | Span]:
    rows = RowCounter(limits)
    for page in read_json(file, limits):
        for bucket in objects(page.get("data"), "data"):
            results = objects(bucket.get("results", bucket.get("result")), "results")
            row = rows.next()
            yield _span(bucket, row)
            for number, result in enumerate(results):
                row = rows.next() if number else row
                yield from _line({**bucket, **result}, row)


def _csv(file: IO[bytes], limits: Limits) -> Iterator[ReportLine | Span]:
    for row, cells in read_csv(file, limits):
        if not {"start_time", "end_time"} <= cells.keys() or not {"input_tokens", "amount_value"} & cells.keys():
            raise UnreadableReport("This is no usage or cost export of OpenAI: columns such as start_time are missing.", 1)
        yield _span(cells, row)
        if cells.get("amount_value"):
            yield from _cost(cells, cells["amount_value"], cells.get("amount_currency"), row)
        elif cells.get("model") or cells.get("input_tokens") or cells.get("output_tokens"):
            yield _usage(cells, row)


def _span(fields: dict[str, Any], row: int) -> Span:
    return span(moment(fields.get("start_time"), row, "start_time"), moment(fields.get("end_time"), row, "end_time"), row)


def _line(fields: dict[str, Any], row: int) -> Iterator[ReportLine]:
    kind = str(fields.get("object", ""))
    if kind == "organization.costs.result" or isinstance(fields.get("amount"), dict):
        amount = fields.get("amount")
        if not isinstance(amount, dict):
            raise UnreadableReport("There is no amount.", row)
        yield from _cost(fields, amount.get("value"), amount.get("currency"), row)
    elif kind == "organization.usage.completions.result":
        yield _usage(fields, row)
    else:
        raise UnreadableReport(f"“{kind[:80]}” is neither usage of completions nor costs.", row)


def _cost(fields: dict[str, Any], amount: Any, currency: Any, row: int) -> Iterator[ReportLine]:
    usd_only(currency, row)
    item = text(fields.get("line_item"), row, "line item", required=False)
    value = money(amount, row, "amount")
    if not item:
        if value:
            raise UnreadableReport(f"This cost {_UNGROUPED}", row)
        return
    model, comma, _ = item.rpartition(",")
    yield ReportLine(row, _day(fields, row), model.strip() if comma else item, cost=value, labels=_labels(fields))


def _usage(fields: dict[str, Any], row: int) -> ReportLine:
    given, read = (
        count(fields.get("input_tokens"), row, "input_tokens"),
        count(fields.get("input_cached_tokens"), row, "input_cached_tokens"),
    )
    told, written = {"fresh_input", "cache_read", "output"}, 0
    if fields.get("input_cache_write_tokens") not in (None, ""):
        told.add("cache_write_5m")
        written = count(fields["input_cache_write_tokens"], row, "input_cache_write_tokens")
    if read + written > given:
        raise UnreadableReport("More input came from the cache than there was.", row)
    output = count(fields.get("output_tokens"), row, "output_tokens")
    calls = count(fields.get("num_model_requests"), row, "num_model_requests")
    if not fields.get("model") and (given or output or calls):
        raise UnreadableReport(f"This use {_UNGROUPED}", row)
    tokens = Tokens(given - read - written, read, written, output=output, told=frozenset(told))
    model = text(fields.get("model") or None, row, "model", required=False)
    return ReportLine(row, _day(fields, row), model, tokens, calls=calls, labels=_labels(fields))


def _day(fields: dict[str, Any], row: int) -> Any:
    return moment(fields.get("start_time"), row, "start_time").date()


def _labels(fields: dict[str, Any]) -> tuple[str, ...]:
    return tuple(str(fields[name]) for name in _LABELS if fields.get(name))
