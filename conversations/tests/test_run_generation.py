"""The runner on its own loop and connections, against the scripted engine."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection, connections
from django.utils import timezone

from accounts.types import Actor
from conversations import live_text
from conversations.models import Generation, Message
from conversations.rendering import render
from conversations.runner.host import get_host
from conversations.runner.run import run_generation
from conversations.services.finish_generation import Outcome, close_generation, finish_generation
from conversations.services.regenerate import regenerate
from conversations.services.stop_generation import stop_generation
from conversations.services.sweep_generations import DEAD_AFTER, sweep_generations
from conversations.states import MOVES, GenerationState
from conversations.types import Turn
from core.redis import get_redis
from usage.models import LedgerEntry
from usage.selectors.balance import get_balance
from usage.services import audit

pytestmark = pytest.mark.django_db(transaction=True)
Send = Callable[..., Turn]


def run(turn: Turn) -> Generation:
    get_host().run(run_generation(turn.generation_id))
    return Generation.objects.select_related("message").get(id=turn.generation_id)


def wait_for(condition: Callable[[], object], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "the condition did not come true in time"
        time.sleep(0.01)


def test_an_answer_is_written_rendered_and_settled_to_the_token(owner: Actor, send: Send) -> None:
    generation = run(send("Tell me"))
    assert generation.state == "completed"
    assert generation.message.html == render(generation.message.text) != ""
    balance = get_balance(owner.workspace_id)
    assert balance.tokens_held == 0
    assert balance.tokens_used == (generation.input_tokens or 0) + (generation.output_tokens or 0) > 0
    assert generation.confidence == "reported"
    assert audit() == []


def test_a_second_delivery_of_the_job_changes_nothing(owner: Actor, send: Send) -> None:
    turn = send()
    first = run(turn)
    used = get_balance(owner.workspace_id).tokens_used
    assert run(turn).finished_at == first.finished_at
    assert get_balance(owner.workspace_id).tokens_used == used


def test_stop_keeps_and_charges_what_was_produced(owner: Actor, send: Send) -> None:
    turn = send("Go on [[long:3000]] [[slow:20]]")

    def in_thread() -> None:
        run(turn)
        connections.close_all()

    runner = threading.Thread(target=in_thread)
    runner.start()
    wait_for(lambda: len(live_text.read([turn.assistant_message_id])[turn.assistant_message_id][0]) > 40)
    stop_generation(owner, turn.conversation_id, turn.assistant_message_id)
    asked = time.monotonic()
    wait_for(lambda: Generation.objects.get(id=turn.generation_id).state == "stopped")
    assert time.monotonic() - asked < 1.0
    runner.join()
    generation = Generation.objects.select_related("message").get(id=turn.generation_id)
    assert generation.message.text
    assert generation.output_tokens
    assert generation.confidence == "estimated"
    assert get_balance(owner.workspace_id).tokens_held == 0
    assert audit() == []


def test_stopping_before_a_worker_came_releases_the_hold(owner: Actor, send: Send) -> None:
    turn = send()
    stop_generation(owner, turn.conversation_id, turn.assistant_message_id)
    assert run(turn).state == "stopped"
    balance = get_balance(owner.workspace_id)
    assert (balance.tokens_held, balance.tokens_used) == (0, 0)


def test_an_error_of_the_provider_is_told_in_the_thread_and_costs_nothing(owner: Actor, send: Send) -> None:
    generation = run(send("[[error:overloaded]]"))
    assert generation.state == "failed"
    assert generation.error_message
    assert generation.cost is None
    assert get_balance(owner.workspace_id).tokens_held == 0


def test_retry_makes_a_sibling_and_keeps_the_earlier_answer(owner: Actor, send: Send) -> None:
    failed = send("[[error:overloaded]]")
    run(failed)
    again = regenerate(owner, failed.conversation_id, failed.assistant_message_id)
    assert run(again).state in ("completed", "failed")
    assert Message.objects.filter(parent_id=failed.user_message_id).count() == 2


def test_a_dead_run_is_interrupted_with_its_text_and_an_estimate(owner: Actor, send: Send) -> None:
    turn = send("hello there")
    now = timezone.now()
    Generation.objects.filter(id=turn.generation_id).update(state="running", started_at=now, heartbeat_at=now)
    Message.objects.filter(id=turn.assistant_message_id).update(text="What had arrived")
    get_redis().set(live_text.call_key(turn.assistant_message_id), "gen-1")
    assert sweep_generations(now=now + DEAD_AFTER / 2).interrupted == 0
    assert sweep_generations(now=now + timedelta(minutes=1)).interrupted == 1
    generation = Generation.objects.select_related("message").get(id=turn.generation_id)
    assert (generation.state, generation.message.text) == ("interrupted", "What had arrived")
    assert (generation.confidence, generation.output_tokens, generation.cost) == ("estimated", 3, Decimal(0))
    assert LedgerEntry.objects.get(source=generation.key).provider_call_id == "gen-1", "the provider's report can put it right"
    assert get_balance(owner.workspace_id).tokens_held == 0
    assert sweep_generations(now=now + timedelta(minutes=1)).interrupted == 0
    assert audit() == []


def test_silence_while_the_database_was_away_is_no_death(send: Send) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_postmaster_start_time()")
        (started,) = cursor.fetchone()
    turn = send("hello there")
    before = started - timedelta(minutes=1)
    Generation.objects.filter(id=turn.generation_id).update(state="running", started_at=before, heartbeat_at=before)
    assert sweep_generations(now=started + DEAD_AFTER / 2).interrupted == 0
    assert sweep_generations(now=started + 2 * DEAD_AFTER).interrupted == 1


def test_a_forgotten_job_is_handed_over_again(send: Send) -> None:
    turn = send()
    Generation.objects.filter(id=turn.generation_id).update(enqueued_at=timezone.now() - timedelta(minutes=1))
    assert sweep_generations().enqueued == 1
    assert sweep_generations().enqueued == 0


def test_a_job_that_nobody_takes_fails_without_a_charge(owner: Actor, send: Send) -> None:
    turn = send()
    Generation.objects.filter(id=turn.generation_id).update(created_at=timezone.now() - timedelta(hours=1))
    assert sweep_generations().given_up == 1
    assert Generation.objects.get(id=turn.generation_id).error_code == "no_worker"
    assert get_balance(owner.workspace_id).tokens_held == 0


FORBIDDEN = [(old, new) for old in GenerationState for new in GenerationState if new not in MOVES[old]]


@pytest.mark.parametrize(("old", "new"), FORBIDDEN, ids=str)
def test_every_forbidden_move_is_refused(send: Send, old: GenerationState, new: GenerationState) -> None:
    turn = send()
    Generation.objects.filter(id=turn.generation_id).update(state=old)
    if old in (GenerationState.QUEUED, GenerationState.RUNNING):
        with pytest.raises(ValueError, match="cannot move"):
            close_generation(turn.generation_id, old, Outcome(state=new, text=""))
    else:
        assert not finish_generation(turn.generation_id, Outcome(state=GenerationState.COMPLETED, text="late"))
    assert Generation.objects.get(id=turn.generation_id).state == old
