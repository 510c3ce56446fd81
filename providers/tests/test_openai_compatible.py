"""Servers that speak Chat Completions, each a little differently; and the local one."""

from __future__ import annotations

from typing import Any

import pytest

from providers import exceptions
from providers.tests.asking import answer, ask, text_of
from providers.tests.fake_provider import FakeProvider, Reply
from providers.tests.fake_speech import WORDS, chat, chat_chunk, event
from providers.types import (
    ChatMessage,
    ChatRequest,
    Finish,
    FinishReason,
    ImagePart,
    Provider,
    ReasoningDelta,
    Role,
    StreamEvent,
    TextPart,
    Timeouts,
    ToolCall,
    Usage,
)

DEEPSEEK = {
    "prompt_tokens": 100,
    "prompt_cache_hit_tokens": 64,
    "completion_tokens": 9,
    "completion_tokens_details": {"reasoning_tokens": 5},
}


def question(**more: Any) -> ChatRequest:
    return ask("Hi", provider=Provider.OPENAI_COMPATIBLE, model="model", **more)


def usages(events: list[StreamEvent]) -> list[Usage]:
    return [e for e in events if isinstance(e, Usage)]


async def test_the_request_uses_the_oldest_words(fake: FakeProvider) -> None:
    fake.say(Reply(chat()))
    turns = (
        ChatMessage.of(Role.USER, "a"),
        ChatMessage.of(Role.ASSISTANT, "b"),
        ChatMessage(Role.USER, (TextPart("c"), ImagePart(b"x", "image/png"))),
    )
    await answer(ChatRequest(Provider.OPENAI_COMPATIBLE, "org/model:7b", turns, 50, "Be brief."))
    seen = fake.requests[0]
    assert seen.path == "/chat/completions"
    assert seen.body == {
        "model": "org/model:7b",
        "messages": [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": "a"},
            {"role": "assistant", "content": "b"},
            {
                "role": "user",
                "content": [{"type": "text", "text": "c"}, {"type": "image_url", "image_url": {"url": "data:image/png;base64,eA=="}}],
            },
        ],
        "max_tokens": 50,
        "stream": True,
        "stream_options": {"include_usage": True},
    }


async def test_cached_and_reasoning_tokens(fake: FakeProvider) -> None:
    usage = {
        "prompt_tokens": 100,
        "prompt_tokens_details": {"cached_tokens": 60, "cache_write_tokens": 10},
        "completion_tokens": 40,
        "completion_tokens_details": {"reasoning_tokens": 30},
    }
    fake.say(Reply(chat(reasoning=["Hm, ", "well."], usage=usage)))
    events = await answer(question())
    (counted,) = usages(events)
    assert (counted.fresh_input, counted.cache_read, counted.cache_write_5m) == (30, 60, 10)
    assert (counted.output, counted.reasoning) == (40, 30)
    assert "".join(e.text for e in events if isinstance(e, ReasoningDelta)) == "Hm, well."


ODD = {
    "with the last choice": [*chat(usage=None, finish=None, done=False), chat_chunk({}, finish_reason="stop", usage=DEEPSEEK)],
    "inside the choice": [
        *chat(usage=None, finish=None, done=False),
        event({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop", "usage": DEEPSEEK}]}),
    ],
    "under x_groq": [*chat(usage=None, finish=None, done=False), chat_chunk({}, finish_reason="stop", x_groq={"usage": DEEPSEEK})],
    "with every chunk": [
        *(chat_chunk({"content": w}, usage={"prompt_tokens": 100, "completion_tokens": i}) for i, w in enumerate(WORDS)),
        chat_chunk({}, finish_reason="stop", usage=DEEPSEEK),
        event("[DONE]"),
    ],
    "as timings": [
        *chat(usage=None, finish=None, done=False),
        chat_chunk({}, finish_reason="stop", timings={"prompt_n": 36, "cache_n": 64, "predicted_n": 9}),
    ],
}


@pytest.mark.parametrize("place", ODD)
async def test_usage_is_found_in_odd_places(fake: FakeProvider, place: str) -> None:
    fake.say(Reply(ODD[place]))
    events = await answer(question())
    (counted,) = usages(events)
    assert (counted.fresh_input, counted.cache_read, counted.output) == (36, 64, 9)
    assert text_of(events) == "".join(WORDS)
    assert events[-1] == Finish(FinishReason.STOP)


async def test_a_server_that_counts_nothing_still_answers(fake: FakeProvider) -> None:
    fake.say(Reply(chat(usage=None)))
    events = await answer(question())
    assert text_of(events) == "".join(WORDS)
    assert not usages(events)
    assert isinstance(events[-1], Finish)


@pytest.mark.parametrize(("finish", "done"), [("stop", False), (None, True)])
async def test_one_sign_of_the_end_is_enough(fake: FakeProvider, finish: str | None, done: bool) -> None:
    fake.say(Reply(chat(finish=finish, done=done)))
    assert (await answer(question()))[-1] == Finish(FinishReason.STOP)


@pytest.mark.parametrize(
    ("reason", "finish"),
    [("length", FinishReason.LENGTH), ("content_filter", FinishReason.REFUSAL), ("eos", FinishReason.STOP)],
)
async def test_other_ways_to_end(fake: FakeProvider, reason: str, finish: FinishReason) -> None:
    fake.say(Reply(chat(finish=reason)))
    assert (await answer(question()))[-1] == Finish(finish, reason)


async def test_tool_calls_are_put_together(fake: FakeProvider) -> None:
    pieces = [
        chat_chunk({"tool_calls": [{"index": 0, "id": "c1", "function": {"name": "f", "arguments": ""}}]}),
        chat_chunk({"tool_calls": [{"index": 0, "function": {"arguments": '{"a"'}}, {"index": 1, "id": "c2", "function": {"name": "g"}}]}),
        chat_chunk({"tool_calls": [{"index": 0, "function": {"arguments": ":1}"}}]}),
    ]
    fake.say(Reply([*pieces, *chat([], finish="tool_calls")]))
    events = await answer(question())
    assert [e for e in events if isinstance(e, ToolCall)] == [ToolCall("c1", "f", '{"a":1}'), ToolCall("c2", "g", "{}")]
    assert events[-1] == Finish(FinishReason.TOOL_CALLS, "tool_calls")


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        ({"message": "overloaded", "code": 503}, exceptions.Overloaded),
        ({"message": "slow down", "code": 429}, exceptions.RateLimitedByProvider),
        ({"message": "the request exceeds the available context size", "code": 400}, exceptions.ContextTooLong),
        ("something broke", exceptions.ServerError),
    ],
)
async def test_an_error_inside_a_stream_of_status_200(fake: FakeProvider, error: object, expected: type[exceptions.ProviderError]) -> None:
    fake.say(Reply([*chat()[:3], event({"error": error})]))
    with pytest.raises(expected):
        await answer(question())
    assert len(fake.requests) == 1


@pytest.mark.parametrize("error", [{"message": "no endpoints found", "code": 404}, "no endpoints found"])
async def test_an_error_as_plain_json_with_status_200(fake: FakeProvider, error: object) -> None:
    fake.say(Reply(body={"error": error}))
    with pytest.raises(exceptions.ProviderError) as caught:
        await answer(question(), Timeouts(total_seconds=0.5))
    assert "no endpoints found" in caught.value.detail


async def test_the_local_model_is_kept_in_hand(fake: FakeProvider) -> None:
    fake.say(Reply(chat()))
    await answer(ask("Hi", provider=Provider.LOCAL, model="smollm2-135m-instruct", most=5000))
    seen = fake.requests[0]
    assert seen.path == "/v1/chat/completions"
    assert (seen.body["max_tokens"], seen.body["temperature"], seen.body["repeat_penalty"]) == (300, 0.2, 1.1)
