from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from accounts.types import Actor
from conversations.exceptions import AnswerRunning, ConversationNotFound, EmptyMessage, MessageNotFound, MessageTooLong
from conversations.models import Conversation, Generation, Message
from conversations.services.finish_generation import close_unstarted
from conversations.services.send_message import send_message
from conversations.states import GenerationState
from conversations.tests.conftest import SCRIPTED, make_actor
from conversations.types import Turn
from core.ids import uuid7
from usage.exceptions import QuotaExceeded
from usage.selectors.balance import get_balance
from usage.services import audit, set_allowance

Send = Callable[..., Turn]


@pytest.mark.django_db
def test_a_first_message_makes_a_conversation_with_both_turns_and_a_hold(owner: Actor, send: Send) -> None:
    turn = send("What is a monad?")
    conversation = Conversation.objects.get(id=turn.conversation_id)
    question, answer = Message.objects.order_by("id")
    assert (question.text, question.role, answer.role, answer.parent_id) == ("What is a monad?", "user", "assistant", question.id)
    assert conversation.active_leaf_id == answer.id
    assert conversation.title == "What is a monad?"
    assert answer.generation.state == "queued"
    assert get_balance(owner.workspace_id).tokens_held == answer.generation.input_estimate + answer.generation.max_output_tokens


@pytest.mark.django_db
def test_the_next_message_hangs_below_the_last_answer(send: Send) -> None:
    first = send()
    close_unstarted(first.generation_id, GenerationState.STOPPED)
    second = send("And then?", first.conversation_id)
    assert Message.objects.get(id=second.user_message_id).parent_id == first.assistant_message_id


@pytest.mark.django_db
def test_a_page_that_is_behind_makes_a_branch(owner: Actor, send: Send) -> None:
    first = send()
    close_unstarted(first.generation_id, GenerationState.STOPPED)
    second = send("newer", first.conversation_id)
    close_unstarted(second.generation_id, GenerationState.STOPPED)
    late = send_message(
        owner,
        text="from a stale tab",
        client_key=uuid7(),
        model_key=SCRIPTED,
        conversation_id=first.conversation_id,
        parent_id=first.assistant_message_id,
    )
    siblings = Message.objects.filter(parent_id=first.assistant_message_id)
    assert {message.id for message in siblings} == {second.user_message_id, late.user_message_id}


@pytest.mark.django_db
def test_a_parent_of_another_conversation_is_not_found(owner: Actor, send: Send) -> None:
    one, other = send(), send()
    close_unstarted(one.generation_id, GenerationState.STOPPED)
    with pytest.raises(MessageNotFound):
        send_message(
            owner,
            text="x",
            client_key=uuid7(),
            model_key=SCRIPTED,
            conversation_id=one.conversation_id,
            parent_id=other.assistant_message_id,
        )


@pytest.mark.django_db
def test_a_running_answer_is_waited_for_and_nothing_is_written(send: Send) -> None:
    turn = send()
    with pytest.raises(AnswerRunning):
        send("too early", turn.conversation_id)
    assert Message.objects.count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "error"), [("", EmptyMessage), (" \n\t ", EmptyMessage), ("\x00", EmptyMessage), ("x" * 1_000_001, MessageTooLong)]
)
def test_unusable_text_is_refused_and_nothing_is_written(send: Send, text: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        send(text)
    assert not Message.objects.exists()
    assert not Conversation.objects.exists()


@pytest.mark.django_db
def test_null_bytes_are_dropped_and_a_megabyte_of_unbroken_text_is_taken(send: Send) -> None:
    turn = send("a\x00" * 100_000)
    assert Message.objects.get(id=turn.user_message_id).text == "a" * 100_000


@pytest.mark.django_db
def test_a_stranger_gets_not_found_and_nothing_is_reserved(stranger: Actor, send: Send) -> None:
    turn = send()
    close_unstarted(turn.generation_id, GenerationState.STOPPED)
    with pytest.raises(ConversationNotFound):
        send("let me in", turn.conversation_id, actor=stranger)
    assert Message.objects.count() == 2
    assert get_balance(stranger.workspace_id).tokens_held == 0


@pytest.mark.django_db
def test_without_room_everything_rolls_back(owner: Actor, send: Send) -> None:
    set_allowance(owner.workspace_id, plan_code="free", tokens_per_period=100, cost_per_period=None, version=2)
    with pytest.raises(QuotaExceeded):
        send()
    assert not Conversation.objects.exists()
    assert not Generation.objects.exists()
    assert get_balance(owner.workspace_id).tokens_held == 0


@pytest.mark.django_db
def test_with_little_room_the_answer_is_allowed_to_be_short(owner: Actor, send: Send) -> None:
    set_allowance(owner.workspace_id, plan_code="free", tokens_per_period=600, cost_per_period=None, version=2)
    turn = send()
    generation = Generation.objects.get(id=turn.generation_id)
    assert 256 <= generation.max_output_tokens < 600
    assert get_balance(owner.workspace_id).tokens_left == 0


def _in_threads(count: int, work: Callable[[int], object]) -> list[object]:
    def run(number: int) -> object:
        try:
            return work(number)
        except Exception as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=10) as pool:
        return list(pool.map(run, range(count)))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("fresh", [True, False], ids=["first message", "later message"])
def test_the_same_client_key_fifty_times_at_once_is_one_turn_and_one_hold(owner: Actor, send: Send, fresh: bool) -> None:
    key, conversation_id = uuid7(), None
    if not fresh:
        earlier = send()
        close_unstarted(earlier.generation_id, GenerationState.STOPPED)
        conversation_id = earlier.conversation_id
    results = _in_threads(50, lambda _: send("once", conversation_id, key))
    assert {type(result) for result in results} == {Turn}, [r for r in results if not isinstance(r, Turn)][:1]
    assert len({result.generation_id for result in results if isinstance(result, Turn)}) == 1
    assert Message.objects.filter(text="once").count() == 1
    generation = Generation.objects.get(state="queued")
    assert get_balance(owner.workspace_id).tokens_held == generation.input_estimate + generation.max_output_tokens
    assert Conversation.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_hundred_sends_against_room_for_ten_let_ten_through() -> None:
    actor = make_actor("crowd@example.com")
    probe = send_message(actor, text="same text", client_key=uuid7(), model_key=SCRIPTED)
    hold = get_balance(actor.workspace_id).tokens_held
    close_unstarted(probe.generation_id, GenerationState.STOPPED)
    set_allowance(actor.workspace_id, plan_code="free", tokens_per_period=10 * hold, cost_per_period=None, version=2)
    results = _in_threads(200, lambda _: send_message(actor, text="same text", client_key=uuid7(), model_key=SCRIPTED))
    assert sum(isinstance(result, Turn) for result in results) == 10
    assert all(isinstance(result, (Turn, QuotaExceeded)) for result in results)
    assert Generation.objects.filter(state="queued").count() == 10
    assert get_balance(actor.workspace_id).tokens_left == 0
    assert audit() == []
