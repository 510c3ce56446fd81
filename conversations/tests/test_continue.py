"""An answer that is gone on with, through the real runner: text, wire, page and money."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone

from accounts.types import Actor
from conversations import live_text
from conversations.models import Generation, Message
from conversations.rendering import render
from conversations.runner.host import get_host
from conversations.runner.run import run_generation
from conversations.selectors.messages import view_message
from conversations.services.continue_answer import continue_answer
from conversations.services.stop_generation import stop_generation
from conversations.services.sweep_generations import sweep_generations
from conversations.tests.test_run_generation import wait_for
from conversations.types import Turn
from providers.tokens import count_tokens
from usage.models import LedgerEntry
from usage.selectors.balance import get_balance
from usage.services import audit

pytestmark = pytest.mark.django_db(transaction=True)
Send = Callable[..., Turn]
WHOLE = "# A title\n\nOne two three. Four five six.\n\n- seven\n- eight\n\n```python\nnine = 10\n```\n\nThe end."


def run(turn: Turn) -> Generation:
    get_host().run(run_generation(turn.generation_id))
    return Generation.objects.select_related("message").get(id=turn.generation_id)


def go_on(actor: Actor, turn: Turn) -> Turn:
    return continue_answer(actor, turn.conversation_id, turn.assistant_message_id)


@pytest.mark.parametrize("words", [1, 4, 9, 12, 15])
def test_both_parts_together_are_the_whole_and_only_the_new_one_is_paid(owner: Actor, send: Send, words: int) -> None:
    say = WHOLE.replace("\n", "\\n")
    first = send(f"[[say:{say}]] [[cut:{words}]]")
    earlier = run(first)
    assert earlier.state in ("failed", "interrupted")
    again = go_on(owner, first)
    generation = run(again)
    assert (generation.state, generation.message.text) == ("completed", WHOLE)
    assert generation.message.html == render(WHOLE)
    assert Message.objects.get(id=first.assistant_message_id).text == earlier.message.text == WHOLE[: len(earlier.message.text)]
    assert generation.output_tokens == count_tokens(WHOLE[len(earlier.message.text) :])
    assert generation.confidence == "reported"
    assert LedgerEntry.objects.filter(source=generation.key).count() == 1
    assert get_balance(owner.workspace_id).tokens_held == 0
    assert audit() == []


def test_a_page_that_opens_meanwhile_shows_both_parts(owner: Actor, send: Send) -> None:
    first = send("[[long:60]] [[cut:20]]")
    before = run(first).message.text
    again = go_on(owner, first)
    waiting = view_message(owner, again.conversation_id, again.assistant_message_id)
    assert (waiting.text, waiting.offset, waiting.closed + waiting.tail) == (before, len(before), render(before))

    def in_thread() -> None:
        run(again)
        connections.close_all()

    Message.objects.filter(id=first.user_message_id).update(text="[[long:3000]] [[slow:20]]")
    runner = threading.Thread(target=in_thread)
    runner.start()

    def logged() -> str:
        return live_text.read([again.assistant_message_id])[again.assistant_message_id][0]

    wait_for(lambda: len(logged()) > len(before) + 40)
    assert logged().startswith(before)
    assert view_message(owner, again.conversation_id, again.assistant_message_id).text.startswith(before)
    stop_generation(owner, again.conversation_id, again.assistant_message_id)
    runner.join()
    stopped = Generation.objects.select_related("message").get(id=again.generation_id)
    assert stopped.state == "stopped"
    produced = stopped.message.text[len(before) :]
    assert (stopped.confidence, stopped.output_tokens) == ("estimated", count_tokens(produced))


def test_stopped_before_a_worker_came_it_shows_what_there_was(owner: Actor, send: Send) -> None:
    first = send("[[long:60]] [[cut:20]]")
    before = run(first).message
    again = go_on(owner, first)
    stop_generation(owner, again.conversation_id, again.assistant_message_id)
    stopped = Generation.objects.select_related("message").get(id=again.generation_id)
    assert (stopped.state, stopped.message.text, stopped.message.html) == ("stopped", before.text, render(before.text))
    assert stopped.cost is None


@pytest.mark.parametrize("produced", ["", " and nine more words that had arrived by then."])
def test_a_dead_run_is_charged_for_what_it_added_alone(owner: Actor, send: Send, produced: str) -> None:
    first = send("[[long:60]] [[cut:20]]")
    before = run(first).message.text
    again = go_on(owner, first)
    now = timezone.now()
    Generation.objects.filter(id=again.generation_id).update(state="running", started_at=now, heartbeat_at=now)
    Message.objects.filter(id=again.assistant_message_id).update(text=before + produced)
    sweep_generations(now=now + timedelta(minutes=1))
    generation = Generation.objects.select_related("message").get(id=again.generation_id)
    assert (generation.state, generation.message.text) == ("interrupted", before + produced)
    assert generation.output_tokens == (count_tokens(produced) if produced else None)
    assert get_balance(owner.workspace_id).tokens_held == 0
    assert audit() == []


def test_the_hold_covers_what_is_read_again(owner: Actor, send: Send) -> None:
    first = send("[[long:900]] [[cut:800]]")
    held_first = Generation.objects.get(id=first.generation_id).input_estimate
    text = run(first).message.text
    again = go_on(owner, first)
    generation = run(again)
    assert (generation.input_tokens or 0) > count_tokens(text)
    assert held_first < (generation.input_tokens or 0) <= generation.input_estimate
