"""Reading providers' reports: what they say, to the last digit, and which files are refused."""

from __future__ import annotations

import io
import json
from contextlib import suppress
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from usage.reports.read import read_report
from usage.reports.types import Limits, ReportSource, Span, Tokens, UnreadableReport
from usage.tests.reports.samples import (
    DAY,
    anthropic_cost,
    anthropic_page,
    anthropic_use,
    file,
    lines_of,
    openai_cost,
    openai_page,
    openai_use,
    openrouter_calls,
)

OPENAI, ANTHROPIC, OPENROUTER = ReportSource
CONSOLE = (
    "usage_date_utc,model_version,api_key,workspace,usage_type,context_window,usage_input_tokens_no_cache,"
    "usage_input_tokens_cache_write_5m,usage_input_tokens_cache_write_1h,usage_input_tokens_cache_read,usage_output_tokens,web_search_count\n"
)
CONSOLE_COST = "usage_date_utc,model,workspace,api_key,usage_type,context_window,token_type,cost_usd,list_price_usd,cost_type\n"


def read(source: ReportSource, content: Any, **more: Any) -> list[Any]:
    return lines_of(read_report(source, file(content), **more))


def test_openai_input_includes_what_came_from_the_cache() -> None:
    page = openai_page(
        "usage.completions", (DAY, [openai_use("gpt-5", 100, 30, 20, calls=3, input_cache_write_tokens=10), openai_use("o9", 5, 1)])
    )
    first, second = read(OPENAI, page)
    assert (first.tokens, first.calls, first.day) == (Tokens(70, 20, 10, output=30, told=first.tokens.told), 3, DAY)
    assert "cache_write_5m" in first.tokens.told
    assert "cache_write_5m" not in second.tokens.told, "the sum of input then holds it"
    assert (second.row, second.tokens.fresh_input) == (2, 5)


def test_openai_costs_by_line_item_to_the_last_digit() -> None:
    page = openai_page(
        "costs", (DAY, [openai_cost("gpt-5-2026-01-01, cached input", "0.003835980000000000000000000001"), openai_cost("Web search", 1)])
    )
    assert [(line.model, line.cost) for line in read(OPENAI, page)] == [
        ("gpt-5-2026-01-01", Decimal("0.003835980000000000000000000001")),
        ("Web search", Decimal(1)),
    ]


def test_numbers_of_json_never_pass_through_binary_fractions() -> None:
    amount = "0.1000000000000000055511151231"
    text = json.dumps(openai_page("costs", (DAY, [openai_cost("m, input", 7777)]))).replace("7777", amount)
    assert read(OPENAI, text)[0].cost == Decimal(amount)
    assert read(OPENAI, text.replace(amount, "1e-7"))[0].cost == Decimal("0.0000001")


def test_openai_exports_as_csv_with_days_without_use() -> None:
    use = (
        "start_time,end_time,start_time_iso,num_model_requests,project_id,api_key_id,model,batch,input_tokens,output_tokens,input_cached_tokens\n"
        "1793318400,1793404800,x,,,,,,,,\n"
        '1793404800,1793491200,x,2,proj_1,key_1,"gpt-5",False,100,30,20\n'
    )
    found = list(read_report(OPENAI, file(use)))
    assert sum(isinstance(line, Span) for line in found) == 2
    (line,) = lines_of(found)
    assert (line.row, line.tokens.fresh_input, line.calls, line.labels) == (3, 80, 2, ("proj_1", "key_1"))
    cost = 'start_time,end_time,amount_value,amount_currency,line_item,project_id\n1793318400,1793404800,0.5,usd,"gpt-5, input",p\n'
    assert read(OPENAI, "﻿" + cost)[0].cost == Decimal("0.5")
    assert read(OPENAI, cost, label="somebody else's") == []


def test_anthropic_input_is_beside_the_cache_and_money_is_in_cents() -> None:
    page = anthropic_page((DAY, [anthropic_use("claude-a", 100, 30, 50, 20, 10), anthropic_cost("claude-a", "123.45678")]))
    use, cost = read(ANTHROPIC, [page])
    assert (use.tokens, use.labels) == (Tokens(100, 50, 20, 10, 30), ("wrkspc_1",))
    assert cost.cost == Decimal("1.2345678")
    search = anthropic_cost(None, "10", cost_type="web_search")
    assert read(ANTHROPIC, anthropic_page((DAY, [search])))[0].model == "web_search"


def test_the_console_of_anthropic_as_csv() -> None:
    (line,) = read(ANTHROPIC, CONSOLE + f'{DAY},claude-a,"Closer, App",Default,standard,≤ 200k,100,20,10,50,30,0\n')
    assert (line.tokens, line.labels) == (Tokens(100, 50, 20, 10, 30), ("Default", "Closer, App"))
    (line,) = read(ANTHROPIC, CONSOLE_COST + f"{DAY},Claude Haiku 4.5,Default,key,message,≤ 200k,output,0.05,0.05,token\n")
    assert (line.model, line.cost, line.slack) == ("Claude Haiku 4.5", Decimal("0.05"), Decimal("0.005")), "rounded to cents"


def test_openrouter_calls_and_days() -> None:
    (line,) = read(OPENROUTER, openrouter_calls(("gen-1", "2026-10-30 23:59:59.713", "0.0123", 100, 30, 20)))
    assert (line.call_id, line.day, line.cost, line.native_tokens) == ("gen-1", DAY, Decimal("0.0123"), False)
    assert (line.tokens.fresh_input, line.tokens.cache_read, line.tokens.output) == (80, 20, 30)
    call = {
        "id": "gen-2",
        "created_at": "2026-10-31T01:00:00+02:00",
        "model": "a/b",
        "total_cost": 0.0015,
        "native_tokens_prompt": 9,
        "tokens_prompt": 7,
    }
    (line,) = read(OPENROUTER, {"data": call | {"native_tokens_completion": 3, "tokens_completion": 2}})
    assert (line.day, line.tokens.fresh_input, line.cost, line.native_tokens) == (DAY, 9, Decimal("0.0015"), True)
    item = {
        "date": str(DAY),
        "model": "a/b",
        "usage": 0.015,
        "requests": 5,
        "prompt_tokens": 50,
        "completion_tokens": 125,
        "reasoning_tokens": 25,
    }
    (line,) = read(OPENROUTER, {"data": [item]})
    assert (line.tokens.fresh_input, line.tokens.output, line.calls, line.slack) == (50, 125, 5, 0)
    days = "Date,Slug,Usage,BYOK Usage,Requests,Prompt Tokens,Completion Tokens,Reasoning Tokens\n"
    (line,) = read(OPENROUTER, days + f'"{DAY} 00:00:00","a/b","430.07","0","4115","70965665","3009973","0"\n')
    assert (line.cost, line.slack) == (Decimal("430.07"), Decimal("0.005"))


REFUSED = [
    (OPENAI, "", "The file is empty."),
    (OPENAI, "a,b\n1,2\n", "Row 1: This is no usage or cost export of OpenAI"),
    (OPENAI, "start_time,start_time\n", "Row 1: Two columns have the same name."),
    (OPENAI, openai_page("usage.completions", (DAY, [openai_use(None, 1, 1)])), "Row 1: This use names no model."),
    (OPENAI, openai_page("costs", (DAY, [openai_cost("m, input", 1), openai_cost(None, 1)])), "Row 2: This cost names no model."),
    (OPENAI, openai_page("costs", (DAY, [openai_cost("m, input", 1, "eur")])), "Row 1: The currency is “eur”"),
    (OPENAI, openai_page("costs", (DAY, [openai_cost("m, input", "1e99")])), "is beyond every price list"),
    (OPENAI, openai_page("costs", (DAY, [openai_cost("m, input", "=1+1")])), "“=1+1” in amount is no amount of money"),
    (OPENAI, openai_page("usage.completions", (DAY, [openai_use("m", 5, 1, 9)])), "More input came from the cache than there was."),
    (OPENAI, openai_page("usage.images", (DAY, [openai_use("m", 5, 1)])), "is neither usage of completions nor costs"),
    (OPENAI, '{"data": NaN}', "“NaN” is no number."),
    (OPENAI, "[" * 100_000, "This JSON is nested too deeply."),
    (OPENAI, '{"data": [', "This is no JSON"),
    (OPENAI, '{"data": [{"start_time": 0, "end_time": 1, "results": []}]}', "Row 1: “0” in start_time is outside of the years"),
    (OPENAI, '{"data": [{"start_time": 1793318400, "end_time": 1793923200, "results": []}]}', "Row 1: This covers more than one day"),
    (ANTHROPIC, anthropic_page((DAY, [anthropic_use("m", True, 1)])), "Row 1: “True” in uncached_input_tokens"),
    (ANTHROPIC, anthropic_page((DAY, [{"some": "thing"}])), "Row 1: This is neither use of tokens nor a cost."),
    (ANTHROPIC, CONSOLE + "2026-10-30,m,k\n", "Row 2: There are 3 cells under 12 columns."),
    (ANTHROPIC, CONSOLE + f'{DAY},"m\n', "This is no CSV"),
    (ANTHROPIC, CONSOLE + f"{DAY},m\0,k,w,s,c,1,1,1,1,1,0\n", "Row 2: This is no line of a report."),
    (ANTHROPIC, CONSOLE + "x" * 70_000, "This line is too long"),
    (ANTHROPIC, CONSOLE + "soon,m,k,w,s,c,1,1,1,1,1,0\n", "Row 2: “soon” in usage_date_utc is no time."),
    (OPENROUTER, {"data": [{"date": "2026-10-30 13:00:00", "model": "m", "usage": 1}]}, "Row 1: This is an hour."),
    (OPENROUTER, openrouter_calls(("", "2026-10-30", "1", 1, 1, 0)), "Row 2: There is no generation id."),
    (OPENROUTER, openrouter_calls(("g", "2026-10-30", "-1", 1, 1, 0)), "Row 2: “-1” in cost is negative."),
]


@pytest.mark.parametrize(("source", "content", "words"), REFUSED, ids=[words[:50] for _, _, words in REFUSED])
def test_what_is_no_report_is_refused_and_the_row_is_named(source: ReportSource, content: Any, words: str) -> None:
    with pytest.raises(UnreadableReport) as refused:
        read(source, content)
    assert words in refused.value.message


def test_too_much_is_refused_never_cut() -> None:
    calls = openrouter_calls(*((f"gen-{number}", "2026-10-30", "1", 1, 1, 0) for number in range(50)))
    with pytest.raises(UnreadableReport, match="more than 49 rows"):
        read(OPENROUTER, calls, limits=Limits(rows=49))
    with pytest.raises(UnreadableReport, match="larger than 0 MB"):
        read(OPENROUTER, calls, limits=Limits(file_bytes=100))
    assert len(read(OPENROUTER, calls, limits=Limits(rows=50))) == 50


@settings(max_examples=150, deadline=None)
@given(source=st.sampled_from(ReportSource), content=st.one_of(st.binary(max_size=400), st.text(max_size=400).map(str.encode)))
def test_rubbish_is_refused_and_nothing_else_happens(source: ReportSource, content: bytes) -> None:
    with suppress(UnreadableReport):
        assert all(line.row >= 0 for line in read_report(source, io.BytesIO(content)))


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["model", "amount", "value", "currency"]), inner, max_size=3)
    ),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None)
@given(
    source=st.sampled_from(ReportSource),
    spoiled=st.dictionaries(
        st.sampled_from(
            [
                "model",
                "amount",
                "input_tokens",
                "output_tokens",
                "cache_creation",
                "line_item",
                "object",
                "date",
                "usage",
                "id",
                "total_cost",
                "created_at",
            ]
        ),
        _JSON,
        max_size=6,
    ),
    where=st.sampled_from(["results", "bucket", "page"]),
)
def test_a_spoiled_page_is_refused_or_read_and_never_an_exception(source: ReportSource, spoiled: dict[str, Any], where: str) -> None:
    bucket: dict[str, Any] = {"start_time": 1793318400, "end_time": 1793404800, "starting_at": "2026-10-30", "ending_at": "2026-10-31"}
    bucket |= {"results": [openai_use("m", 3, 1) | anthropic_use("m", 1, 1) | (spoiled if where == "results" else {})]}
    page = {"data": [bucket | (spoiled if where == "bucket" else {})]} | (spoiled if where == "page" else {})
    with suppress(UnreadableReport):
        for line in read(source, page):
            assert line.cost is None or abs(line.cost) <= 10**9
            assert isinstance(line.model, str)
