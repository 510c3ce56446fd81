"""Patience before the first token, honesty after it."""

from __future__ import annotations

import asyncio
from contextlib import aclosing

import pytest

from providers import exceptions
from providers.services import open_stream as module
from providers.services.engines import get_engine
from providers.services.open_stream import open_stream, pause_before_retry
from providers.tests.asking import answer, ask, text_of
from providers.tests.fake_provider import FakeProvider, Reply
from providers.tests.fake_speech import WORDS, anthropic, event
from providers.types import ChatRequest, Provider, Timeouts, Usage

FINE = Reply(anthropic())
WHOLE = "".join(WORDS)


def overloaded(**headers: str) -> Reply:
    return Reply(status=529, body={"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}, headers=headers)


@pytest.fixture(autouse=True)
def quick_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BACKOFF_SECONDS", 0.01)


def question() -> ChatRequest:
    return ask("Hi", provider=Provider.ANTHROPIC, model="m")


async def test_a_temporary_failure_is_tried_again(fake: FakeProvider) -> None:
    fake.say(overloaded(), overloaded(), FINE)
    assert text_of(await answer(question())) == WHOLE
    assert len(fake.requests) == 3


async def test_three_tries_are_enough(fake: FakeProvider) -> None:
    fake.say(overloaded())
    with pytest.raises(exceptions.Overloaded, match="Anthropic is overloaded"):
        await answer(question())
    assert len(fake.requests) == 3


async def test_an_error_in_the_stream_before_any_text_is_tried_again(fake: FakeProvider) -> None:
    error = event({"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}, "error")
    fake.say(Reply([anthropic()[0], error]), FINE)
    events = await answer(question())
    assert text_of(events) == WHOLE
    assert [e.final for e in events if isinstance(e, Usage)] == [False, False, True], "later reports replace earlier ones"


async def test_after_the_first_text_nothing_is_repeated(fake: FakeProvider) -> None:
    error = event({"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}, "error")
    fake.say(Reply([*anthropic()[:5], error]), FINE)
    with pytest.raises(exceptions.Overloaded):
        await answer(question())
    assert len(fake.requests) == 1


@pytest.mark.parametrize(
    ("status", "kind", "error"),
    [
        (401, "authentication_error", exceptions.AuthenticationFailed),
        (403, "permission_error", exceptions.PermissionDenied),
        (402, "billing_error", exceptions.QuotaExhausted),
        (404, "not_found_error", exceptions.ModelNotFound),
        (400, "invalid_request_error", exceptions.BadRequest),
    ],
)
async def test_what_would_fail_again_is_not_repeated(fake: FakeProvider, status: int, kind: str, error: type[Exception]) -> None:
    fake.say(Reply(status=status, body={"type": "error", "error": {"type": kind, "message": "no"}}))
    with pytest.raises(error):
        await answer(question())
    assert len(fake.requests) == 1


async def test_retry_after_is_honoured(fake: FakeProvider) -> None:
    fake.say(overloaded(**{"retry-after-ms": "120"}), FINE)
    loop = asyncio.get_running_loop()
    began = loop.time()
    await answer(question())
    assert 0.12 <= loop.time() - began < 1


async def test_a_long_retry_after_is_told_instead_of_waited_for(fake: FakeProvider) -> None:
    fake.say(overloaded(**{"retry-after": "90"}), FINE)
    with pytest.raises(exceptions.Overloaded) as caught:
        await answer(question())
    assert caught.value.retry_after == 90
    assert len(fake.requests) == 1


async def test_no_pause_reaches_beyond_the_total(fake: FakeProvider) -> None:
    fake.say(overloaded(**{"retry-after": "5"}), FINE)
    with pytest.raises(exceptions.Overloaded):
        await answer(question(), Timeouts(total_seconds=2))
    assert len(fake.requests) == 1


def test_pauses_have_full_jitter_and_respect_a_wish() -> None:
    plain, wish, long_wish = exceptions.Overloaded(), exceptions.Overloaded(retry_after=3.0), exceptions.Overloaded(retry_after=21)
    module_pauses = [pause_before_retry(plain, 2) for _ in range(200)]
    assert all(pause is not None and 0 <= pause <= 0.02 for pause in module_pauses)
    assert len(set(module_pauses)) > 100
    pause = pause_before_retry(wish, 1)
    assert pause is not None
    assert 3.0 <= pause <= 3.1
    assert pause_before_retry(long_wish, 1) is None


async def test_a_stale_kept_alive_connection_costs_one_try_more_at_once(fake: FakeProvider, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BACKOFF_SECONDS", 60.0)
    fake.say(Reply(hang_up=True), FINE)
    assert text_of(await answer(question())) == WHOLE
    assert len(fake.requests) == 2


async def test_the_total_ends_an_answer_that_never_stops(fake: FakeProvider) -> None:
    fake.say(Reply(anthropic(["word "] * 1000), pause_seconds=0.01))
    with pytest.raises(exceptions.TotalTimeout, match="kept"):
        await answer(question(), Timeouts(total_seconds=0.3))
    await asyncio.wait_for(fake.client_left.wait(), 1)


async def test_silent_reasoning_may_take_longer_than_a_pause_in_the_text(fake: FakeProvider) -> None:
    thinking = anthropic(thinking=["Hm."])
    fake.say(Reply(thinking[:4], ending="stall"))
    with pytest.raises(exceptions.StreamStalled):
        await asyncio.wait_for(answer(question(), Timeouts(idle_seconds=0.01, reasoning_seconds=0.3)), 2)


async def test_a_slow_reader_is_not_taken_for_a_slow_provider(fake: FakeProvider) -> None:
    fake.say(FINE)
    count = 0
    async with aclosing(open_stream(question(), timeouts=Timeouts(idle_seconds=0.1, first_token_seconds=0.5))) as events:
        async for _ in events:
            count += 1
            await asyncio.sleep(0.15)
    assert count > len(WORDS)


async def test_cancelling_is_not_swallowed_by_a_timeout_of_the_same_moment(fake: FakeProvider) -> None:
    fake.say(Reply(ending="stall"))
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await answer(question(), Timeouts(first_token_seconds=30))


async def test_the_real_network_is_out_of_reach(fake: FakeProvider, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_BASE_URL", "https://api.anthropic.com")
    with pytest.raises(exceptions.ProviderDisabled) as caught:
        await answer(question())
    assert "PROVIDERS_NETWORK" in caught.value.detail


async def test_a_provider_without_a_key_says_so() -> None:
    with pytest.raises(exceptions.ProviderDisabled, match="OpenAI is not switched on"):
        await answer(ask("Hi", provider=Provider.OPENAI))


async def test_a_rotated_key_does_not_break_answers_that_run(fake: FakeProvider, monkeypatch: pytest.MonkeyPatch) -> None:
    fake.say(Reply(anthropic(), pause_seconds=0.01), FINE)
    running = asyncio.ensure_future(answer(question()))
    while not fake.requests:
        await asyncio.sleep(0.005)
    monkeypatch.setenv("ANTHROPIC_API_KEY", "rotated")
    assert text_of(await answer(question())) == WHOLE
    assert text_of(await running) == WHOLE


async def test_one_engine_serves_a_loop_until_its_key_changes(fake: FakeProvider, monkeypatch: pytest.MonkeyPatch) -> None:
    first = get_engine(Provider.ANTHROPIC)
    assert get_engine(Provider.ANTHROPIC) is first
    monkeypatch.setenv("ANTHROPIC_API_KEY", "rotated")
    assert get_engine(Provider.ANTHROPIC) is not first
    fake.say(FINE)
    await answer(question())
    assert fake.requests[-1].headers["authorization"] == "Bearer rotated"
