"""Every fault that `llmock` (a fake provider written by others) knows, through the whole thread, with every adapter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

import pytest

from conversations import events
from conversations.selectors.messages import view_message
from providers.config import DISPLAY_NAMES
from providers.services import open_stream as module
from providers.tokens import count_tokens
from providers.types import Provider, Timeouts
from tests.road import house as thread
from tests.road.house import CALLED, Answered

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("road")]
TEXT = "One two three four five six seven eight nine ten eleven twelve."
SILENCE_SECONDS = 1.5  # a loaded machine makes pauses of its own, which are not the fault that is tested
IMPATIENT = Timeouts(first_token_seconds=SILENCE_SECONDS, idle_seconds=SILENCE_SECONDS)
PATIENT_AT_FIRST = Timeouts(first_token_seconds=20, idle_seconds=SILENCE_SECONDS)


@pytest.fixture
def mock(llmock: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The server of others, with every provider pointed at it, and no long pauses between two tries."""
    monkeypatch.setattr(module, "BACKOFF_SECONDS", 0.01)
    openai = llmock.base_url("openai")
    addresses = {Provider.ANTHROPIC: llmock.base_url("anthropic"), Provider.GEMINI: llmock.base_url("gemini")}
    thread.point_at(monkeypatch, {Provider.OPENAI: openai, Provider.OPENAI_COMPATIBLE: openai, **addresses})
    return llmock.reply(TEXT, times=None)


def wait_at_most(monkeypatch: pytest.MonkeyPatch, timeouts: Timeouts) -> None:
    monkeypatch.setitem(cast(dict[str, Any], module.open_stream.__kwdefaults__), "timeouts", timeouts)


@dataclass(frozen=True)
class Fault:
    """What llmock does, and what a person reads then. `calls`: how often the provider is asked."""

    does: Callable[[Any], object]
    code: str
    words: str
    calls: int = 1


def always(status: int) -> Callable[[Any], object]:
    return lambda mock: mock.fail(status, times=None, retry_after=0)


REFUSALS = {
    "400": Fault(always(400), "bad_request", "{who} could not use this request. Change the message, or choose another model."),
    "401": Fault(
        always(401), "authentication_failed", "{who} does not accept our key. The operator has to renew it; meanwhile choose another model."
    ),
    "403": Fault(always(403), "permission_denied", "{who} does not let our key use this model."),
    "404": Fault(always(404), "model_not_found", "{who} does not offer this model (any more). Choose another model."),
    "429": Fault(
        always(429), "rate_limited_by_provider", "{who} is getting too many requests from us. Try again in a moment, or choose", 3
    ),
    "500": Fault(always(500), "provider_server_error", "{who} had an internal error. Try again in a moment.", 3),
    "503": Fault(always(503), "overloaded", "{who} is overloaded. Try again in a moment, or choose another model.", 3),
    "529": Fault(always(529), "overloaded", "{who} is overloaded. Try again in a moment, or choose another model.", 3),
    "too long a prompt": Fault(
        lambda mock: mock.context_overflow(times=None), "context_too_long", "This conversation is longer than the model can read."
    ),
    "a rate limit that lasts": Fault(
        lambda mock: mock.rate_limit(times=None, retry_after=120), "rate_limited_by_provider", "{who} is getting too many requests from us."
    ),
    "a window of its own": Fault(
        lambda mock: mock.limits(context_window=1), "context_too_long", "This conversation is longer than the model can read."
    ),
}
BREAKS = {
    "a dropped connection": Fault(
        lambda mock: mock.disconnect(after_chunks=8, times=None),
        "stream_cut",
        "The connection to {who} ended before the answer was complete. What arrived is kept; Retry asks again.",
    ),
    "an early end": Fault(
        lambda mock: mock.truncate(after_chunks=8, times=None),
        "stream_cut",
        "The connection to {who} ended before the answer was complete. What arrived is kept",
    ),
    "a chunk that is not JSON": Fault(
        lambda mock: mock.corrupt(after_chunks=8, times=None), "malformed_stream", "{who} sent something we could not read."
    ),
    "a stall": Fault(
        lambda mock: mock.stall(after_chunks=8, seconds=3 * SILENCE_SECONDS, times=None),
        "stream_stalled",
        "{who} fell silent in the middle of its answer.",
    ),
}


def read(answered: Answered, actor: Any) -> str:
    """The answer as the thread shows it."""
    return events.message_html(view_message(actor, answered.turn.conversation_id, answered.turn.assistant_message_id))


def ask(mock: Any, provider: Provider) -> tuple[Answered, str]:
    actor = thread.someone()
    answered = thread.answer("Count to twelve.", f"{provider}:priced", actor)
    return answered, read(answered, actor)


@pytest.mark.parametrize("provider", CALLED)
@pytest.mark.parametrize("fault", REFUSALS.values(), ids=REFUSALS)
def test_a_refusal_is_told_in_the_thread_and_costs_nothing(mock: Any, provider: Provider, fault: Fault) -> None:
    fault.does(mock)
    answered, html = ask(mock, provider)
    generation = answered.generation
    assert (generation.state, generation.error_code, generation.message.text) == ("failed", fault.code, "")
    assert generation.error_message.startswith(fault.words.format(who=DISPLAY_NAMES[provider]))
    assert (answered.entries, generation.cost, answered.balance.tokens_used) == ([], None, 0)
    assert len(mock.requests) == fault.calls
    assert generation.error_message.replace("’", "&#x27;") in html
    assert "Nothing was charged." in html
    assert "Retry</button>" in html


@pytest.mark.parametrize("provider", CALLED)
@pytest.mark.parametrize("fault", BREAKS.values(), ids=BREAKS)
def test_what_arrived_before_a_break_is_kept_and_paid_by_estimate(
    mock: Any, provider: Provider, fault: Fault, monkeypatch: pytest.MonkeyPatch
) -> None:
    wait_at_most(monkeypatch, PATIENT_AT_FIRST)
    fault.does(mock)
    answered, html = ask(mock, provider)
    generation, (entry,) = answered.generation, answered.entries
    text = generation.message.text
    assert (generation.state, generation.error_code) == ("failed", fault.code)
    assert generation.error_message.startswith(fault.words.format(who=DISPLAY_NAMES[provider]))
    assert text
    assert TEXT.startswith(text)
    assert text != TEXT
    assert (entry.confidence, generation.cost) == ("estimated", entry.cost)
    assert entry.output >= count_tokens(text)
    assert entry.fresh_input > 0
    assert entry.cost > 0
    assert len(mock.requests) == 1
    assert "What was produced cost about" in html
    assert text.split()[0] in html


@pytest.mark.parametrize("provider", CALLED)
def test_a_provider_that_never_begins(mock: Any, provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    wait_at_most(monkeypatch, IMPATIENT)
    mock.slow_first_token(2 * SILENCE_SECONDS, times=None)
    answered, html = ask(mock, provider)
    assert (answered.generation.state, answered.generation.error_code) == ("failed", "first_token_timeout")
    assert f"{DISPLAY_NAMES[provider]} took too long to begin its answer." in html
    assert (answered.entries, answered.balance.tokens_used) == ([], 0)


@pytest.mark.parametrize("provider", CALLED)
def test_what_passes_before_the_first_word_is_not_noticed(mock: Any, provider: Provider) -> None:
    mock.fail(503, times=1, retry_after=0).rate_limit(times=1, retry_after=0.05).delay(0.1).slow_first_token(0.1).pace(5)
    answered, html = ask(mock, provider)
    (entry,) = answered.entries
    assert (answered.generation.state, answered.generation.message.text, entry.confidence) == ("completed", TEXT, "reported")
    assert len(mock.requests) == 3
    assert "notice" not in html


@pytest.mark.parametrize("provider", [Provider.ANTHROPIC, Provider.OPENAI, Provider.OPENAI_COMPATIBLE])
@pytest.mark.parametrize("fault", ["disconnect", "truncate"])
def test_a_connection_lost_before_the_first_word_is_tried_again(mock: Any, provider: Provider, fault: str) -> None:
    getattr(mock, fault)(after_chunks=1, times=1)
    answered, _ = ask(mock, provider)
    assert (answered.generation.state, answered.generation.message.text) == ("completed", TEXT)
    assert len(answered.entries) == 1
    assert len(mock.requests) == 2
