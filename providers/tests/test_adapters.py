"""Promises that every adapter keeps, each in its provider's own protocol."""

from __future__ import annotations

import asyncio
from contextlib import aclosing

import pytest

from providers import exceptions
from providers.adapters import wire
from providers.services.open_stream import open_stream
from providers.tests.asking import QUICK, answer, ask, text_of
from providers.tests.fake_provider import FakeProvider, Reply
from providers.tests.fake_speech import SPEECH, WORDS
from providers.types import CallNamed, ChatRequest, Finish, FinishReason, Provider, StreamEvent, TextDelta, Timeouts, Usage

HTTP_PROVIDERS = [Provider.ANTHROPIC, Provider.OPENAI, Provider.GEMINI, Provider.OPENAI_COMPATIBLE, Provider.LOCAL]
pytestmark = pytest.mark.parametrize("provider", HTTP_PROVIDERS)


def speech(provider: Provider) -> list[bytes]:
    return SPEECH[provider.value]()


def question(provider: Provider) -> ChatRequest:
    return ask("Hi", provider=provider, model="model", system="Be brief.")


async def test_an_answer_arrives_whole_with_its_usage_and_its_end(fake: FakeProvider, provider: Provider) -> None:
    fake.say(Reply(speech(provider)))
    events = await answer(question(provider))
    assert text_of(events) == "".join(WORDS)
    usage, finish = events[-2:]
    assert isinstance(usage, Usage)
    assert (usage.fresh_input, usage.output, usage.final) == (11, 7, True)
    assert usage.raw
    assert finish == Finish(FinishReason.STOP)


async def test_the_same_events_come_out_however_the_bytes_are_cut(fake: FakeProvider, provider: Provider) -> None:
    stream = b"".join(speech(provider))
    fake.say(Reply([stream[i : i + 7] for i in range(0, len(stream), 7)]), Reply([stream]))
    assert await answer(question(provider)) == await answer(question(provider))


async def test_a_connection_is_used_again_after_a_whole_answer(fake: FakeProvider, provider: Provider) -> None:
    fake.say(Reply(speech(provider)))
    for _ in range(5):
        await answer(question(provider))
        while wire._drains:  # the last bytes are still being read
            await asyncio.sleep(0)
    assert fake.connections == 1


async def test_a_clean_early_end_is_a_cut_and_what_arrived_is_kept(fake: FakeProvider, provider: Provider) -> None:
    fake.say(Reply(speech(provider)[:5]))
    await expect_after_text(provider, exceptions.StreamCut)


async def test_the_name_that_the_provider_has_for_the_call_comes_first_and_once(fake: FakeProvider, provider: Provider) -> None:
    fake.say(Reply(speech(provider)))
    events = await answer(question(provider))
    named = {"anthropic": "msg_1", "openai": "resp_1", "gemini": "answer-1"}.get(provider, "gen-1")
    assert events[0] == CallNamed(named)
    assert sum(isinstance(event, CallNamed) for event in events) == 1


async def test_a_broken_connection_is_a_cut(fake: FakeProvider, provider: Provider) -> None:
    fake.say(Reply(speech(provider)[:5], ending="cut"))
    await expect_after_text(provider, exceptions.StreamCut)


async def test_a_silent_stream_stalls(fake: FakeProvider, provider: Provider) -> None:
    fake.say(Reply(speech(provider)[:5], ending="stall"))
    await expect_after_text(provider, exceptions.StreamStalled, Timeouts(idle_seconds=0.3))
    await asyncio.wait_for(fake.client_left.wait(), 2)


async def test_what_is_not_json_is_malformed(fake: FakeProvider, provider: Provider) -> None:
    fake.say(Reply([*speech(provider)[:5], b'data: {"broken\n\n']))
    await expect_after_text(provider, exceptions.MalformedStream)


async def test_no_first_token_in_time(fake: FakeProvider, provider: Provider) -> None:
    fake.say(Reply(ending="stall"))
    with pytest.raises(exceptions.FirstTokenTimeout):
        await answer(question(provider), Timeouts(first_token_seconds=1))
    assert len(fake.requests) == 1, "the provider may have charged for it, so it is not repeated"
    await asyncio.wait_for(fake.client_left.wait(), 2)


async def test_closing_the_stream_hangs_up_at_once(fake: FakeProvider, provider: Provider) -> None:
    fake.say(Reply(speech(provider)[:5], ending="stall"))
    async with aclosing(open_stream(question(provider), timeouts=QUICK)) as events:
        async for event in events:
            if isinstance(event, TextDelta):
                break
    await asyncio.wait_for(fake.client_left.wait(), 5)


async def test_cancelling_the_task_hangs_up_at_once(fake: FakeProvider, provider: Provider) -> None:
    fake.say(Reply(speech(provider)[:5], ending="stall"))
    task = asyncio.ensure_future(answer(question(provider)))
    while not fake.requests:
        await asyncio.sleep(0.005)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await asyncio.wait_for(fake.client_left.wait(), 5)


async def test_nobody_at_the_address(fake: FakeProvider, provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("providers.services.open_stream.BACKOFF_SECONDS", 0.01)
    for name in ("ANTHROPIC_BASE_URL", "OPENAI_BASE_URL", "GEMINI_BASE_URL", "OPENAI_COMPATIBLE_BASE_URL", "LOCAL_MODEL_URL"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with pytest.raises(exceptions.ConnectionFailed) as caught:
        await answer(question(provider))
    assert type(caught.value) is exceptions.ConnectionFailed


async def test_a_page_of_something_else_is_not_taken_for_an_answer(fake: FakeProvider, provider: Provider) -> None:
    fake.say(Reply([b"<html>welcome to the hotel's network</html>"], headers={"content-type": "text/html"}))
    with pytest.raises(exceptions.AnswerBroken):
        await answer(question(provider), Timeouts(total_seconds=0.5))


async def expect_after_text(provider: Provider, error: type[exceptions.ProviderError], timeouts: Timeouts = QUICK) -> None:
    """The stream gives some text, then the error; no second request is made."""
    seen: list[StreamEvent] = []

    async def collect() -> None:
        async with aclosing(open_stream(question(provider), timeouts=timeouts)) as events:
            async for event in events:
                seen.append(event)

    with pytest.raises(error) as caught:
        await collect()
    text = text_of(seen)
    assert text
    assert "".join(WORDS).startswith(text)
    assert "kept" in caught.value.message
