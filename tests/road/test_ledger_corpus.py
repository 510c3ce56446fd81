"""The ledger says what the provider said, to the token and to the last decimal."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from decimal import Decimal

import pytest
from django.db import connections

from conversations import live_text
from conversations.models import Generation
from conversations.runner.host import get_host
from conversations.runner.run import run_generation
from conversations.services.stop_generation import stop_generation
from providers.tests.fake_provider import Reply
from providers.tests.fake_speech import SPEECH
from tests.beside import Provider as Fake
from tests.beside import provider_beside
from tests.road import house as thread
from tests.road.house import CALLED
from tests.road.recordings import QUESTION, RECORDINGS, Recording
from tests.stack import wait_until
from usage.types import TokenBuckets

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("road")]


@pytest.fixture(scope="module")
def fake(road: None) -> Iterator[Fake]:
    with provider_beside() as provider, pytest.MonkeyPatch.context() as patch:
        thread.point_at(patch, dict.fromkeys(CALLED, provider.url))
        yield provider


@pytest.mark.parametrize("recording", RECORDINGS, ids=lambda recording: f"{recording.provider}: {recording.name}")
def test_a_recorded_stream(fake: Fake, recording: Recording) -> None:
    fake.say(Reply(recording.events, ending=recording.ending))
    answered = thread.answer(QUESTION, f"{recording.provider}:priced")
    generation, (entry,) = answered.generation, answered.entries
    written = TokenBuckets(entry.fresh_input, entry.cache_read, entry.cache_write_5m, entry.cache_write_1h, entry.output, entry.reasoning)
    assert (generation.state, generation.message.text) == (recording.state, "One two three")
    assert (written, entry.cost, entry.confidence) == (recording.buckets, recording.cost, recording.confidence)
    assert entry.tokens == written.total
    assert (generation.input_tokens, generation.output_tokens, generation.cost) == (written.input_total, written.output, recording.cost)
    assert (answered.balance.tokens_used, answered.balance.cost_used) == (written.total, recording.cost)


@pytest.mark.parametrize("provider", CALLED)
def test_a_stream_that_a_person_stopped_is_kept_and_paid(fake: Fake, provider: str) -> None:
    fake.say(Reply(SPEECH[provider](), pause_seconds=0.15))
    actor = thread.someone()
    turn = thread.send(actor, QUESTION, f"{provider}:priced")

    def write() -> None:
        get_host().run(run_generation(turn.generation_id))
        connections.close_all()

    runner = threading.Thread(target=write)
    runner.start()
    wait_until(lambda: Generation.objects.get(id=turn.generation_id).first_token_at or _length(turn.generation_id), "the first word")
    wait_until(lambda: live_text.read_call(turn.assistant_message_id), "what the provider calls it, should the process die")
    stop_generation(actor, turn.conversation_id, turn.assistant_message_id)
    runner.join()
    fake.wait_until_left()
    answered = thread.outcome(turn, actor)
    (entry,) = answered.entries
    assert answered.generation.state == "stopped"
    assert entry.confidence == "estimated"
    assert entry.cost == (entry.fresh_input * Decimal(3) + entry.output * Decimal("15.5")) / 1_000_000 > 0
    assert "Hello wörld, how are you?".startswith(answered.generation.message.text)
    assert entry.provider_call_id in ("msg_1", "resp_1", "gen-1", "answer-1"), "the provider's report will name it"


def _length(generation_id: object) -> int:
    host = get_host()
    answers = [answer for answer in list(host.answers.values()) if answer.id == generation_id]
    return answers[0].size if answers else 0
