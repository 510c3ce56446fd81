"""A new price holds for the calls after it: one that runs costs what it did when it began."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connections
from django.utils import timezone

from conversations.models import Generation, Message
from conversations.runner.host import get_host
from conversations.runner.run import run_generation
from conversations.services.sweep_generations import sweep_generations
from providers.models import AIModel, ModelPrice
from providers.selectors.catalogue import forget_catalogue
from providers.services.set_price import set_price
from providers.tests.fake_provider import Reply
from providers.tests.fake_speech import SPEECH
from tests.beside import Provider as Fake
from tests.beside import provider_beside
from tests.road import house as thread
from tests.road.house import CALLED, PRICES
from tests.stack import wait_until
from usage.models import LedgerEntry

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("road")]
MODEL = "anthropic:priced"


@pytest.fixture(scope="module")
def fake(road: None) -> Iterator[Fake]:
    with provider_beside() as provider, pytest.MonkeyPatch.context() as patch:
        thread.point_at(patch, dict.fromkeys(CALLED, provider.url))
        yield provider


def test_a_price_that_changes_in_mid_answer_is_that_of_the_next_one(fake: Fake) -> None:
    fake.say(Reply(SPEECH["anthropic"](), pause_seconds=0.1))
    actor = thread.someone()
    turn = thread.send(actor, "How are you?", MODEL)

    def write() -> None:
        get_host().run(run_generation(turn.generation_id))
        connections.close_all()

    runner = threading.Thread(target=write)
    runner.start()
    wait_until(lambda: Generation.objects.get(id=turn.generation_id).state == "running", "the answer to begin")
    dearer = replace(PRICES, input=Decimal(30), output=Decimal(155))
    changed = set_price(AIModel.objects.get(provider="anthropic", model_id="priced").id, dearer)
    assert Generation.objects.get(id=turn.generation_id).state == "running"
    runner.join()
    fake.say(Reply(SPEECH["anthropic"]()))
    first, second = (answered.entries[0] for answered in (thread.outcome(turn, actor), thread.answer("And now?", MODEL, actor)))

    assert first.called_at >= changed.effective_from, "it ended under the new price, and is not charged at it"
    assert _prices(first) == (Decimal(3), Decimal("15.5"))
    assert _prices(second) == (Decimal(30), Decimal(155))
    assert (first.fresh_input, first.output) == (second.fresh_input, second.output)
    assert second.cost - first.cost == (27 * first.fresh_input + Decimal("139.5") * first.output) / 1_000_000 > 0
    assert ModelPrice.objects.get(model=changed.model, effective_to=changed.effective_from).as_prices() == PRICES


def _prices(entry: LedgerEntry) -> tuple[Decimal, Decimal]:
    return entry.price_input, entry.price_output


def test_an_answer_whose_process_died_is_charged_at_the_prices_it_began_with_also_when_its_model_is_gone(fake: Fake) -> None:
    actor = thread.someone()
    provider = AIModel.objects.get(provider="openai", model_id="priced")
    turn = thread.send(actor, "How are you?", provider.key)
    began = timezone.now()
    Generation.objects.filter(id=turn.generation_id).update(state="running", started_at=began, heartbeat_at=began)
    Message.objects.filter(id=turn.assistant_message_id).update(text="What had arrived before its process died")
    set_price(provider.id, replace(PRICES, input=Decimal(30), output=Decimal(155)))
    AIModel.objects.filter(id=provider.id).update(enabled=False)
    forget_catalogue()
    assert sweep_generations(now=began + timedelta(minutes=1)).interrupted == 1
    [entry] = thread.outcome(turn, actor).entries
    assert _prices(entry) == (Decimal(3), Decimal("15.5"))
    assert entry.confidence == "estimated"
    assert entry.cost > 0
    AIModel.objects.filter(id=provider.id).update(enabled=True)
    forget_catalogue()
