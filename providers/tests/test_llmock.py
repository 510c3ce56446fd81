"""Every fault that `llmock`, a fake provider written by others, can produce gets the right error and the right words."""

from __future__ import annotations

from typing import Any

import pytest

from providers import exceptions
from providers.services import open_stream as module
from providers.services.engines import aclose_engines
from providers.tests.asking import QUICK, answer, ask, text_of
from providers.tests.conftest import point_everything_at
from providers.types import ChatRequest, Finish, Provider, Timeouts, Usage

PROVIDERS = [Provider.ANTHROPIC, Provider.OPENAI, Provider.GEMINI, Provider.OPENAI_COMPATIBLE]
TEXT = "One two three four five six seven eight nine ten eleven twelve."
STATUSES = {
    400: exceptions.BadRequest,
    401: exceptions.AuthenticationFailed,
    403: exceptions.PermissionDenied,
    404: exceptions.ModelNotFound,
    429: exceptions.RateLimitedByProvider,
    500: exceptions.ServerError,
    503: exceptions.Overloaded,
    529: exceptions.Overloaded,
}
pytestmark = pytest.mark.parametrize("provider", PROVIDERS)


@pytest.fixture(autouse=True)
async def mock(llmock: Any, bare_environment: None, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(module, "BACKOFF_SECONDS", 0.01)
    openai = llmock.base_url("openai")
    addresses = {"ANTHROPIC": llmock.base_url("anthropic"), "GEMINI": llmock.base_url("gemini")}
    point_everything_at(monkeypatch, {"OPENAI": openai, "OPENAI_COMPATIBLE": openai, "LOCAL": openai, **addresses})
    llmock.reply(TEXT, times=None)
    yield llmock
    await aclose_engines()


def question(provider: Provider) -> ChatRequest:
    models = {Provider.ANTHROPIC: "claude-opus-4-6", Provider.GEMINI: "gemini-2.5-flash"}
    return ask("Count to twelve.", provider=provider, model=models.get(provider, "gpt-4o"), system="Count.")


async def test_an_answer_arrives_whole_and_counted(mock: Any, provider: Provider) -> None:
    events = await answer(question(provider))
    assert text_of(events) == TEXT
    assert isinstance(events[-1], Finish)
    usage = events[-2]
    assert isinstance(usage, Usage)
    assert usage.fresh_input > 0
    assert usage.output > 0
    assert usage.final


@pytest.mark.parametrize("status", STATUSES)
async def test_a_status_becomes_its_error(mock: Any, provider: Provider, status: int) -> None:
    mock.fail(status, times=None, retry_after=0)
    with pytest.raises(STATUSES[status]) as caught:
        await answer(question(provider))
    assert caught.value.detail
    assert len(mock.requests) == (3 if STATUSES[status].retryable else 1)


async def test_a_rate_limit_is_waited_for(mock: Any, provider: Provider) -> None:
    mock.rate_limit(times=2, retry_after=0.05)
    assert text_of(await answer(question(provider))) == TEXT
    mock.assert_resilient()


async def test_a_long_rate_limit_is_told(mock: Any, provider: Provider) -> None:
    mock.rate_limit(times=None, retry_after=120)
    with pytest.raises(exceptions.RateLimitedByProvider, match="too many requests") as caught:
        await answer(question(provider))
    assert caught.value.retry_after == 120
    assert len(mock.requests) == 1


async def test_an_outage_of_a_moment_goes_unnoticed(mock: Any, provider: Provider) -> None:
    mock.fail(503, times=1, retry_after=0)
    assert text_of(await answer(question(provider))) == TEXT


async def test_a_prompt_that_is_too_long(mock: Any, provider: Provider) -> None:
    mock.context_overflow(times=None)
    with pytest.raises(exceptions.ContextTooLong, match="longer than the model can read"):
        await answer(question(provider))
    assert len(mock.requests) == 1


async def test_a_dropped_connection(mock: Any, provider: Provider) -> None:
    mock.disconnect(after_chunks=8, times=None)
    with pytest.raises(exceptions.StreamCut, match="kept"):
        await answer(question(provider))
    assert len(mock.requests) == 1


async def test_a_stream_that_ends_early_and_cleanly(mock: Any, provider: Provider) -> None:
    mock.truncate(after_chunks=8, times=None)
    with pytest.raises(exceptions.StreamCut):
        await answer(question(provider))


async def test_a_chunk_that_is_not_json(mock: Any, provider: Provider) -> None:
    mock.corrupt(after_chunks=8, times=None)
    with pytest.raises(exceptions.MalformedStream, match="could not read"):
        await answer(question(provider))


async def test_a_stall(mock: Any, provider: Provider) -> None:
    mock.stall(after_chunks=8, seconds=5, times=None)
    with pytest.raises(exceptions.StreamStalled, match="fell silent"):
        await answer(question(provider), Timeouts(idle_seconds=0.2))


async def test_a_slow_first_token(mock: Any, provider: Provider) -> None:
    mock.slow_first_token(5, times=None)
    with pytest.raises(exceptions.FirstTokenTimeout, match="too long to begin"):
        await answer(question(provider), Timeouts(first_token_seconds=0.2))


async def test_a_slow_answer_that_is_slow_enough_is_waited_for(mock: Any, provider: Provider) -> None:
    mock.slow_first_token(0.2)
    mock.delay(0.1)
    assert text_of(await answer(question(provider), QUICK)) == TEXT
