"""A conversation's name, by the real road: who is asked, what it costs, and whom it never disturbs."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
from django.core.cache import cache

from accounts.types import Actor
from conversations.exceptions import NothingToName, TitleInTheMaking
from conversations.models import Conversation
from conversations.runner import title
from conversations.runner.host import get_host
from conversations.runner.title import make_title
from conversations.selectors.conversations import list_conversations
from conversations.services.ask_for_title import ask_for_title
from conversations.services.rename_conversation import rename_conversation
from conversations.tests.listener import Listener
from providers.services import open_stream as module
from providers.types import Provider
from tests.road import house as thread
from usage.exceptions import QuotaExceeded
from usage.models import Hold, LedgerEntry
from usage.selectors.balance import get_balance
from usage.services import audit, set_allowance

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("road")]
NAME = "Bread for beginners"


@pytest.fixture
def mock(llmock: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Every provider answers with a name."""
    monkeypatch.setattr(module, "BACKOFF_SECONDS", 0.01)
    openai = llmock.base_url("openai")
    addresses = {Provider.ANTHROPIC: llmock.base_url("anthropic"), Provider.GEMINI: llmock.base_url("gemini")}
    thread.point_at(monkeypatch, {Provider.OPENAI: openai, Provider.OPENAI_COMPATIBLE: openai, **addresses})
    return llmock.reply(f'"{NAME}."', times=None)


@pytest.fixture
def jobs(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[Any, ...]]]:
    """What would be handed to the queue for titles."""
    taken: list[tuple[Any, ...]] = []

    def take(args: tuple[Any, ...] = (), **_: Any) -> None:
        taken.append(args)

    from conversations import tasks

    monkeypatch.setattr(tasks.make_title, "apply_async", take)
    yield taken
    cache.clear()


def talk(actor: Actor) -> UUID:
    return thread.answer("How is bread made?", actor=actor).turn.conversation_id


def do(job: tuple[Any, ...]) -> None:
    """What the worker does with the job."""
    conversation_id, key, *instead_of = job
    get_host().run(make_title(UUID(conversation_id), key, instead_of=instead_of[0] if instead_of else None))


def of(conversation_id: UUID) -> Conversation:
    return Conversation.objects.get(id=conversation_id)


def bills(conversation_id: UUID) -> list[LedgerEntry]:
    return list(LedgerEntry.objects.filter(source=f"conversation:{conversation_id}", purpose="title"))


def test_after_the_first_answer_a_model_names_it_for_a_price_and_the_order_stays(mock: Any, jobs: list[Any]) -> None:
    actor = thread.someone()
    older = talk(actor)
    newer = talk(actor)
    before = of(older)
    do(jobs[0])
    assert (of(older).title, of(older).title_source) == (NAME, "model")
    assert of(older).last_activity_at == before.last_activity_at
    assert of(older).revision == before.revision + 1
    assert [item.id for item in list_conversations(actor).items] == [newer, older]
    (bill,) = bills(older)
    assert bill.cost > 0
    assert get_balance(actor.workspace_id).tokens_held == 0
    assert audit() == []


def test_the_same_job_twice_is_paid_once(mock: Any, jobs: list[Any]) -> None:
    conversation = talk(thread.someone())
    do(jobs[0])
    do(jobs[0])
    assert len(bills(conversation)) == 1


def test_a_name_that_a_person_gave_stays(mock: Any, jobs: list[Any]) -> None:
    actor = thread.someone()
    conversation = talk(actor)
    rename_conversation(actor, conversation, "Mine")
    do(jobs[0])
    assert of(conversation).title == "Mine"
    assert bills(conversation) == []


def test_who_asks_gets_another_name_in_the_place_of_their_own(mock: Any, jobs: list[Any]) -> None:
    actor = thread.someone()
    conversation = talk(actor)
    rename_conversation(actor, conversation, "Mine")
    listener = Listener()
    ask_for_title(actor, conversation)
    with pytest.raises(TitleInTheMaking):
        ask_for_title(actor, conversation)
    do(jobs[1])
    told = {event["type"]: event for event in listener.events()}
    assert of(conversation).title == NAME
    assert told["title"]["title"] == NAME
    assert told["titled"]["made"] is True
    ask_for_title(actor, conversation)
    do(jobs[2])
    assert len(bills(conversation)) == 2
    assert audit() == []
    listener.close()


def test_a_name_that_a_person_gave_after_asking_stays(mock: Any, jobs: list[Any]) -> None:
    actor = thread.someone()
    conversation = talk(actor)
    ask_for_title(actor, conversation)
    rename_conversation(actor, conversation, "Mine, and later")
    do(jobs[1])
    assert of(conversation).title == "Mine, and later"
    assert bills(conversation) == []
    assert get_balance(actor.workspace_id).tokens_held == 0
    ask_for_title(actor, conversation)


def test_without_room_nothing_is_asked_and_nothing_is_held(mock: Any, jobs: list[Any]) -> None:
    actor = thread.someone()
    conversation = talk(actor)
    set_allowance(actor.workspace_id, plan_code="free", tokens_per_period=1, cost_per_period=None, version=2**62)
    with pytest.raises(QuotaExceeded):
        ask_for_title(actor, conversation)
    do(jobs[0])
    assert len(jobs) == 1
    assert bills(conversation) == []
    assert not Hold.objects.filter(workspace_id=actor.workspace_id, state="held").exists()


def test_when_no_model_answers_the_old_name_stays_and_one_may_ask_again(mock: Any, jobs: list[Any]) -> None:
    actor = thread.someone()
    conversation = talk(actor)
    before = of(conversation).title
    mock.fail(500, times=None, retry_after=0)
    listener = Listener()
    ask_for_title(actor, conversation)
    do(jobs[1])
    assert [event["made"] for event in listener.events() if event["type"] == "titled"] == [False]
    assert of(conversation).title == before
    assert get_balance(actor.workspace_id).tokens_held == 0
    ask_for_title(actor, conversation)
    listener.close()


def slow_in_the_middle(mock: Any) -> None:
    mock.stall(after_chunks=3, seconds=2, times=None)


def slow_from_the_start(mock: Any) -> None:
    mock.slow_first_token(2, times=None)


@pytest.mark.parametrize(("slow", "paid"), [(slow_in_the_middle, 1), (slow_from_the_start, 0)])
def test_a_model_that_takes_its_time_is_not_waited_for(
    mock: Any, jobs: list[Any], monkeypatch: pytest.MonkeyPatch, slow: Callable[[Any], None], paid: int
) -> None:
    """Half a name is none, but what was produced of it is paid; whoever ends the process does not wait either."""
    monkeypatch.setattr(title, "MOST_SECONDS", 0.5)
    actor = thread.someone()
    conversation = talk(actor)
    before = of(conversation).title
    slow(mock)
    listener = Listener()
    ask_for_title(actor, conversation)
    began = time.monotonic()
    do(jobs[1])
    assert time.monotonic() - began < 1.8
    assert [event["made"] for event in listener.events() if event["type"] == "titled"] == [False]
    assert of(conversation).title == before
    assert len(bills(conversation)) == paid
    assert get_balance(actor.workspace_id).tokens_held == 0
    assert audit() == []
    listener.close()


def test_a_demonstration_names_only_what_it_is_asked_to(jobs: list[Any]) -> None:
    actor = thread.someone()
    conversation = thread.answer("Bread [[say:Rye and wheat]]", actor=actor).turn.conversation_id
    do(jobs[0])
    assert of(conversation).title == "Bread say:Rye and wheat"
    ask_for_title(actor, conversation)
    do(jobs[1])
    assert of(conversation).title == "Rye and wheat"


def test_three_answers_without_a_name_and_nobody_is_asked_any_more(jobs: list[Any]) -> None:
    actor = thread.someone()
    conversation = talk(actor)
    for _ in range(4):
        from conversations.services.send_message import send_message
        from core.ids import uuid7

        thread.write(send_message(actor, text="more", client_key=uuid7(), model_key=thread.SCRIPTED, conversation_id=conversation))
    assert len(jobs) == 3
    assert len({key for _, key in jobs}) == 3


def test_an_empty_conversation_has_nothing_to_be_named_after() -> None:
    actor = thread.someone()
    empty = Conversation.objects.create(owner_id=actor.user_id, workspace_id=actor.workspace_id, title="Empty")
    with pytest.raises(NothingToName):
        ask_for_title(actor, empty.id)
