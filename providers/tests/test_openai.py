"""GPT through the Responses API: what is asked, what is counted, how it ends."""

from __future__ import annotations

from contextlib import aclosing
from typing import Any

import pytest

from providers import exceptions
from providers.adapters.openai.mapping_out import error_of
from providers.services.open_stream import open_stream
from providers.tests.asking import answer, ask, text_of
from providers.tests.fake_provider import FakeProvider, Reply
from providers.tests.fake_speech import event, responses
from providers.types import (
    ChatMessage,
    ChatRequest,
    Finish,
    FinishReason,
    ImagePart,
    Provider,
    ReasoningDelta,
    Role,
    TextPart,
    ToolCall,
    Usage,
)


def question() -> ChatRequest:
    return ask("Hi", provider=Provider.OPENAI, model="gpt-6.1-sol")


async def test_the_request_is_worded_as_openai_wants_it_and_nothing_is_stored(fake: FakeProvider) -> None:
    fake.say(Reply(responses()))
    turns = (
        ChatMessage(Role.USER, (TextPart("What is this?"), ImagePart(b"GIF8", "image/gif"))),
        ChatMessage.of(Role.ASSISTANT, "A cat."),
        ChatMessage.of(Role.USER, "Sure?"),
    )
    await answer(ChatRequest(Provider.OPENAI, "gpt-6.1-sol", turns, 5, "Be brief.", "generation:7"))
    seen = fake.requests[0]
    assert seen.path == "/responses"
    assert seen.headers["authorization"] == "Bearer key-of-openai"
    assert seen.headers["x-client-request-id"] == "generation:7"
    assert (seen.body["store"], seen.body["stream"], seen.body["instructions"]) == (False, True, "Be brief.")
    assert seen.body["max_output_tokens"] == 16, "the least the API takes"
    assert seen.body["input"] == [
        {
            "role": "user",
            "content": [
                {"type": "input_text", "text": "What is this?"},
                {"type": "input_image", "detail": "auto", "image_url": "data:image/gif;base64,R0lGOA=="},
            ],
        },
        {"role": "assistant", "content": "A cat."},
        {"role": "user", "content": [{"type": "input_text", "text": "Sure?"}]},
    ]


async def test_cached_input_is_taken_out_of_the_input_and_reasoning_is_part_of_the_output(fake: FakeProvider) -> None:
    usage = {
        "input_tokens": 1000,
        "input_tokens_details": {"cached_tokens": 600, "cache_write_tokens": 300},
        "output_tokens": 90,
        "output_tokens_details": {"reasoning_tokens": 60},
        "total_tokens": 1090,
    }
    fake.say(Reply(responses(reasoning=["Let me ", "see."], usage=usage)))
    events = await answer(question())
    (counted,) = [e for e in events if isinstance(e, Usage)]
    assert (counted.fresh_input, counted.cache_read, counted.cache_write_5m, counted.cache_write_1h) == (100, 600, 300, 0)
    assert (counted.output, counted.reasoning, counted.raw) == (90, 60, usage)
    assert [e.text for e in events if isinstance(e, ReasoningDelta)] == ["", "Let me ", "see."]


@pytest.mark.parametrize(
    ("last", "finish"),
    [
        ({}, Finish(FinishReason.STOP)),
        (
            {"type": "response.incomplete", "incomplete_details": {"reason": "max_output_tokens"}},
            Finish(FinishReason.LENGTH, "max_output_tokens"),
        ),
        (
            {"type": "response.incomplete", "incomplete_details": {"reason": "content_filter"}},
            Finish(FinishReason.REFUSAL, "content_filter"),
        ),
    ],
)
async def test_every_good_way_to_end(fake: FakeProvider, last: dict[str, Any], finish: Finish) -> None:
    fake.say(Reply(responses(last=last)))
    events = await answer(question())
    assert events[-1] == finish
    assert isinstance(events[-2], Usage)


async def test_a_failed_response_tells_its_usage_and_then_its_error(fake: FakeProvider) -> None:
    fake.say(Reply(responses(last={"type": "response.failed", "error": {"code": "server_error", "message": "The model is overloaded"}})))
    seen: list[object] = []

    async def collect() -> None:
        async with aclosing(open_stream(question())) as events:
            async for e in events:
                seen.append(e)

    with pytest.raises(exceptions.Overloaded):
        await collect()
    assert isinstance(seen[-1], Usage)


async def test_an_error_event_keeps_the_text_and_says_what_it_was(fake: FakeProvider) -> None:
    error = event({"type": "error", "code": "rate_limit_exceeded", "message": "slow down", "param": None, "sequence_number": 9}, "error")
    fake.say(Reply([*responses()[:4], error]))
    with pytest.raises(exceptions.RateLimitedByProvider):
        await answer(question())
    assert len(fake.requests) == 1


async def test_a_refusal_is_shown_and_marked(fake: FakeProvider) -> None:
    refusal = event({"type": "response.refusal.delta", "delta": "I can not help with that."}, "response.refusal.delta")
    fake.say(Reply([refusal, *responses([])]))
    events = await answer(question())
    assert text_of(events) == "I can not help with that."
    assert events[-1] == Finish(FinishReason.REFUSAL, "refusal")


async def test_a_tool_call(fake: FakeProvider) -> None:
    item = {"type": "function_call", "id": "fc_1", "call_id": "call_1", "name": "look_up", "arguments": '{"q":1}'}
    fake.say(Reply([event({"type": "response.output_item.done", "item": item}), *responses([])]))
    events = await answer(question())
    assert ToolCall("call_1", "look_up", '{"q":1}') in events
    assert events[-1] == Finish(FinishReason.TOOL_CALLS)


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (429, {"code": "insufficient_quota", "message": "You exceeded your current quota"}, exceptions.QuotaExhausted),
        (429, {"type": "insufficient_quota", "message": "x"}, exceptions.QuotaExhausted),
        (429, {"message": "You exceeded your current quota, please check your plan and billing details."}, exceptions.QuotaExhausted),
        (429, {"code": "rate_limit_exceeded", "message": "Rate limit reached"}, exceptions.RateLimitedByProvider),
        (400, {"code": "context_length_exceeded", "message": "x"}, exceptions.ContextTooLong),
        (400, {"message": "This model's maximum context length is 128000 tokens"}, exceptions.ContextTooLong),
        (400, {"code": "invalid_prompt", "message": "x"}, exceptions.ContentRefused),
        (404, {"code": "model_not_found", "message": "x"}, exceptions.ModelNotFound),
        (401, {"code": "invalid_api_key", "message": "x"}, exceptions.AuthenticationFailed),
        (503, {"type": "server_error", "message": "x"}, exceptions.Overloaded),
        (500, {"message": "The server is overloaded"}, exceptions.Overloaded),
        (500, {}, exceptions.ServerError),
    ],
)
def test_an_error_object_becomes_its_error(status: int, body: dict[str, Any], error: type[exceptions.ProviderError]) -> None:
    assert type(error_of(body, "OpenAI", status)) is error


async def test_a_used_up_quota_is_not_asked_again(fake: FakeProvider) -> None:
    fake.say(Reply(status=429, body={"error": {"code": "insufficient_quota", "type": "insufficient_quota", "message": "no credit"}}))
    with pytest.raises(exceptions.QuotaExhausted, match="no credit left"):
        await answer(question())
    assert len(fake.requests) == 1
