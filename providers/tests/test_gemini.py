"""Gemini: what is asked, what is counted, how it ends."""

from __future__ import annotations

from typing import Any

import pytest

from providers import exceptions
from providers.adapters.gemini.mapping_out import error_of
from providers.tests.asking import answer, ask, text_of
from providers.tests.fake_provider import FakeProvider, Reply
from providers.tests.fake_speech import WORDS, event, gemini
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
    return ask("Hi", provider=Provider.GEMINI, model="gemini-3.8-flash")


async def test_the_request_has_the_roles_and_the_system_instruction_that_gemini_wants(fake: FakeProvider) -> None:
    fake.say(Reply(gemini()))
    turns = (
        ChatMessage(Role.USER, (TextPart("What is this?"), ImagePart(b"\xff\xd8", "image/jpeg"))),
        ChatMessage.of(Role.ASSISTANT, "A cat."),
        ChatMessage.of(Role.USER, "Sure?"),
        ChatMessage.of(Role.USER, "Really?"),
    )
    await answer(ChatRequest(Provider.GEMINI, "gemini-3.8-flash", turns, 50, "Be brief."))
    seen = fake.requests[0]
    assert seen.path == "/v1beta/models/gemini-3.8-flash:streamGenerateContent?alt=sse"
    assert seen.headers["x-goog-api-key"] == "key-of-gemini"
    assert seen.body["systemInstruction"]["parts"] == [{"text": "Be brief."}]
    assert seen.body["generationConfig"] == {"maxOutputTokens": 50}
    image = {"inlineData": {"data": "_9g=", "mime_type": "image/jpeg"}}  # the SDK's own spelling; Google reads base64 of both kinds
    assert seen.body["contents"] == [
        {"role": "user", "parts": [{"text": "What is this?"}, image]},
        {"role": "model", "parts": [{"text": "A cat."}]},
        {"role": "user", "parts": [{"text": "Sure?"}, {"text": "Really?"}]},
    ]
    assert "tools" not in seen.body


async def test_cached_input_is_taken_out_of_the_prompt_and_thoughts_are_added_to_the_output(fake: FakeProvider) -> None:
    usage = {"promptTokenCount": 1000, "cachedContentTokenCount": 600, "candidatesTokenCount": 30, "thoughtsTokenCount": 60}
    fake.say(Reply(gemini(thoughts=["Let me see."], usage={**usage, "toolUsePromptTokenCount": 5})))
    events = await answer(question())
    first, *_, last = [e for e in events if isinstance(e, Usage)]
    assert (first.fresh_input, first.output, first.final) == (1000, 0, False)
    assert (last.fresh_input, last.cache_read, last.output, last.reasoning, last.final) == (405, 600, 90, 60, True)
    assert [e.text for e in events if isinstance(e, ReasoningDelta)] == ["Let me see."]
    assert text_of(events) == "".join(WORDS)


async def test_usage_missing(fake: FakeProvider) -> None:
    fake.say(Reply(gemini(usage=None)))
    events = await answer(question())
    assert not [e for e in events if isinstance(e, Usage)]
    assert events[-1] == Finish(FinishReason.STOP)


@pytest.mark.parametrize(
    ("reason", "finish"),
    [
        ("MAX_TOKENS", FinishReason.LENGTH),
        ("SAFETY", FinishReason.REFUSAL),
        ("PROHIBITED_CONTENT", FinishReason.REFUSAL),
        ("SOMETHING_NEW", FinishReason.REFUSAL),
        ("OTHER", FinishReason.STOP),
    ],
)
async def test_other_ways_to_end(fake: FakeProvider, reason: str, finish: FinishReason) -> None:
    fake.say(Reply(gemini(finish=reason)))
    assert (await answer(question()))[-1] == Finish(finish, reason)


async def test_a_blocked_prompt_has_no_candidates(fake: FakeProvider) -> None:
    fake.say(Reply([event({"promptFeedback": {"blockReason": "SAFETY"}, "usageMetadata": {"promptTokenCount": 4}})]))
    with pytest.raises(exceptions.ContentRefused, match="declined"):
        await answer(question())
    assert len(fake.requests) == 1


async def test_a_tool_call_comes_whole(fake: FakeProvider) -> None:
    part = {"functionCall": {"name": "look_up", "args": {"q": 1}}}
    call = event({"candidates": [{"content": {"role": "model", "parts": [part]}}]})
    fake.say(Reply([call, *gemini([])]))
    events = await answer(question())
    assert ToolCall("look_up", "look_up", '{"q":1}') in events
    assert events[-1] == Finish(FinishReason.TOOL_CALLS)


ERROR = {"error": {"code": 503, "message": "The model is overloaded.", "status": "UNAVAILABLE"}}


async def test_an_error_chunk_in_the_stream(fake: FakeProvider) -> None:
    fake.say(Reply([*gemini()[:3], event(ERROR)]))
    with pytest.raises(exceptions.Overloaded):
        await answer(question())
    assert len(fake.requests) == 1


async def test_an_error_as_bare_json_in_the_stream(fake: FakeProvider) -> None:
    fake.say(Reply([*gemini()[:3], b'[{\n  "error": {\n    "code": 500, "message": "oops", "status": "INTERNAL"\n  }\n}\n]']))
    with pytest.raises(exceptions.ServerError) as caught:
        await answer(question())
    assert "oops" in caught.value.detail


def quota(quota_id: str, delay: str) -> dict[str, Any]:
    details = [
        {"@type": "type.googleapis.com/google.rpc.QuotaFailure", "violations": [{"quotaId": quota_id}]},
        {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": delay},
    ]
    return {"code": 429, "status": "RESOURCE_EXHAUSTED", "message": "You exceeded your current quota", "details": details}


@pytest.mark.parametrize(
    ("body", "error", "retry_after"),
    [
        (quota("GenerateRequestsPerMinutePerProject", "17.5s"), exceptions.RateLimitedByProvider, 17.5),
        (quota("GenerateRequestsPerDayPerProject", "3s"), exceptions.QuotaExhausted, 3.0),
        (
            {"code": 400, "status": "INVALID_ARGUMENT", "message": "x", "details": [{"reason": "API_KEY_INVALID"}]},
            exceptions.AuthenticationFailed,
            None,
        ),
        ({"code": 400, "status": "INVALID_ARGUMENT", "message": "API key not valid. Please pass"}, exceptions.AuthenticationFailed, None),
        (
            {"code": 400, "status": "INVALID_ARGUMENT", "message": "The input token count exceeds the maximum number of tokens allowed"},
            exceptions.ContextTooLong,
            None,
        ),
        ({"code": 400, "status": "FAILED_PRECONDITION", "message": "User location is not supported"}, exceptions.PermissionDenied, None),
        ({"code": 500, "status": "INTERNAL", "message": "x", "details": ["odd"]}, exceptions.ServerError, None),
        ({"code": 418}, exceptions.BadRequest, None),
    ],
)
def test_an_error_object_becomes_its_error(body: dict[str, Any], error: type[exceptions.ProviderError], retry_after: float | None) -> None:
    made = error_of(body, "Google Gemini")
    assert type(made) is error
    assert made.retry_after == retry_after
