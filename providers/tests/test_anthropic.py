"""Claude: what is asked, what is counted, how it ends."""

from __future__ import annotations

import base64

import pytest

from providers import exceptions
from providers.adapters.anthropic.mapping_out import error_of
from providers.tests.asking import answer, ask, text_of
from providers.tests.fake_provider import FakeProvider, Reply
from providers.tests.fake_speech import anthropic, anthropic_tool, event
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
    return ask("Hi", provider=Provider.ANTHROPIC, model="claude-sonnet-5-5")


async def test_the_request_is_worded_as_anthropic_wants_it(fake: FakeProvider) -> None:
    fake.say(Reply(anthropic()))
    turns = (
        ChatMessage(Role.USER, (TextPart("What is this?"), ImagePart(b"\x89PNG", "image/png"))),
        ChatMessage.of(Role.ASSISTANT, ""),  # stopped before its first word
        ChatMessage.of(Role.USER, "And that?"),
    )
    await answer(ChatRequest(Provider.ANTHROPIC, "claude-sonnet-5-5", turns, 500, "Be brief."))
    seen = fake.requests[0]
    assert seen.path == "/v1/messages"
    assert seen.body["stream"] is True
    assert (seen.body["model"], seen.body["max_tokens"], seen.body["system"]) == ("claude-sonnet-5-5", 500, "Be brief.")
    image = {"type": "base64", "media_type": "image/png", "data": base64.b64encode(b"\x89PNG").decode()}
    assert seen.body["messages"] == [
        {
            "role": "user",
            "content": [
                {"type": "text", "text": "What is this?"},
                {"type": "image", "source": image},
                {"type": "text", "text": "And that?"},
            ],
        }
    ]
    assert not {"temperature", "top_p", "top_k"} & seen.body.keys()


async def test_caching_is_asked_for_from_the_second_question_on(fake: FakeProvider) -> None:
    fake.say(Reply(anthropic()))
    await answer(question())
    turns = (ChatMessage.of(Role.USER, "a"), ChatMessage.of(Role.ASSISTANT, "b"), ChatMessage.of(Role.USER, "c"))
    await answer(ChatRequest(Provider.ANTHROPIC, "m", turns, 50))
    first, second = fake.requests
    assert "cache_control" not in first.body
    assert second.body["cache_control"] == {"type": "ephemeral"}


async def test_cached_input_is_added_to_the_fresh_and_thinking_is_part_of_the_output(fake: FakeProvider) -> None:
    start = {
        "input_tokens": 10,
        "cache_read_input_tokens": 2000,
        "cache_creation_input_tokens": 300,
        "cache_creation": {"ephemeral_5m_input_tokens": 100, "ephemeral_1h_input_tokens": 200},
        "output_tokens": 2,
    }
    end = {"output_tokens": 90, "output_tokens_details": {"thinking_tokens": 60}}
    fake.say(Reply(anthropic(thinking=["Let me ", "see."], start=start, end=end)))
    events = await answer(question())
    first, last = [e for e in events if isinstance(e, Usage)]
    assert (first.output, first.final) == (2, False)
    assert (last.fresh_input, last.cache_read, last.cache_write_5m, last.cache_write_1h) == (10, 2000, 100, 200)
    assert (last.output, last.reasoning, last.final) == (90, 60, True)
    assert last.raw["cache_read_input_tokens"] == 2000
    assert "".join(e.text for e in events if isinstance(e, ReasoningDelta)) == "Let me see."


async def test_a_cache_write_of_unknown_life_span_is_a_short_one(fake: FakeProvider) -> None:
    fake.say(Reply(anthropic(start={"input_tokens": 1, "cache_creation_input_tokens": 50, "output_tokens": 0})))
    usage = [e for e in await answer(question()) if isinstance(e, Usage)][-1]
    assert (usage.cache_write_5m, usage.cache_write_1h) == (50, 0)


@pytest.mark.parametrize(
    ("stop_reason", "finish"),
    [
        ("end_turn", Finish(FinishReason.STOP)),
        ("stop_sequence", Finish(FinishReason.STOP, "stop_sequence")),
        ("max_tokens", Finish(FinishReason.LENGTH, "max_tokens")),
        ("model_context_window_exceeded", Finish(FinishReason.LENGTH, "model_context_window_exceeded")),
        ("refusal", Finish(FinishReason.REFUSAL, "refusal")),
        ("something_new", Finish(FinishReason.STOP, "something_new")),
    ],
)
async def test_every_way_to_end(fake: FakeProvider, stop_reason: str, finish: Finish) -> None:
    fake.say(Reply(anthropic(stop_reason=stop_reason)))
    assert (await answer(question()))[-1] == finish


async def test_a_tool_call_arrives_in_one_piece(fake: FakeProvider) -> None:
    fake.say(Reply(anthropic_tool("get_weather", ['{"city":', '"Paris"}'])))
    events = await answer(question())
    assert ToolCall("toolu_1", "get_weather", '{"city":"Paris"}') in events
    assert events[-1] == Finish(FinishReason.TOOL_CALLS, "tool_use")


async def test_frames_without_a_name_and_unknown_events_do_no_harm(fake: FakeProvider) -> None:
    named = anthropic()
    nameless = [frame.partition(b"\n")[2] for frame in named]
    fake.say(Reply([nameless[0], event({"type": "brand_new"}), *nameless[1:]]))
    assert text_of(await answer(question())) == text_of(await answer(question())) != ""


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"type": "invalid_request_error", "message": "prompt is too long: 210000 tokens > 200000 maximum"}, exceptions.ContextTooLong),
        ({"type": "invalid_request_error", "message": "Your credit balance is too low to access the API"}, exceptions.QuotaExhausted),
        ({"type": "invalid_request_error", "message": "Output blocked by content filtering policy"}, exceptions.ContentRefused),
        ({"type": "invalid_request_error", "message": "messages: roles must alternate"}, exceptions.BadRequest),
        ({"type": "request_too_large", "message": "Request exceeds 32 MB"}, exceptions.ContextTooLong),
        ({"type": "api_error", "message": "Internal server error"}, exceptions.ServerError),
        ({"type": "timeout_error", "message": "x"}, exceptions.ServerError),
        ({"type": "brand_new_error", "message": "x"}, exceptions.ServerError),
    ],
)
def test_an_error_object_becomes_its_error(body: dict[str, str], error: type[exceptions.ProviderError]) -> None:
    assert type(error_of(body, "Anthropic")) is error


async def test_an_error_in_the_stream_keeps_the_text_and_says_what_it_was(fake: FakeProvider) -> None:
    broken = [*anthropic()[:5], event({"type": "error", "error": {"type": "api_error", "message": "oops"}}, "error")]
    fake.say(Reply(broken))
    with pytest.raises(exceptions.ServerError) as caught:
        await answer(question())
    assert "oops" in caught.value.detail
    assert "oops" not in caught.value.message
