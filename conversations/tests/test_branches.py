"""Edit, regenerate, continue, fork: each makes something new beside what is there, and touches nothing of it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from django.db import connections

from accounts.types import Actor
from conversations.continuing import INSTRUCTION, seam
from conversations.exceptions import AnswerComplete, AnswerRunning, EmptyMessage, MessageNotFound
from conversations.models import AnswerSignal, Conversation, Generation, Message
from conversations.services.claim_generation import claim_generation
from conversations.services.continue_answer import continue_answer
from conversations.services.edit_message import edit_message
from conversations.services.finish_generation import Outcome, finish_generation
from conversations.services.fork_conversation import GENERATION_OWN, MESSAGE_OWN, fork_conversation
from conversations.services.regenerate import regenerate
from conversations.services.send_message import send_message
from conversations.services.stop_generation import stop_generation
from conversations.services.switch_branch import switch_branch
from conversations.states import GenerationState
from conversations.tests.conftest import SCRIPTED, Grown
from conversations.types import Turn
from core.ids import uuid7
from providers.types import Role, TextPart
from usage.exceptions import QuotaExceeded
from usage.models import LedgerEntry
from usage.selectors.balance import get_balance
from usage.services import set_allowance

pytestmark = pytest.mark.django_db
Send = Callable[..., Turn]


def end(turn: Turn, text: str = "An answer.", state: GenerationState = GenerationState.COMPLETED) -> Turn:
    Generation.objects.filter(id=turn.generation_id).update(state="running")
    assert finish_generation(turn.generation_id, Outcome(state=state, text=text))
    return turn


def leaf(turn: Turn) -> UUID | None:
    return Conversation.objects.get(id=turn.conversation_id).active_leaf_id


def edit(actor: Actor, turn: Turn, text: str = "in other words", **more: object) -> Turn:
    return edit_message(actor, turn.conversation_id, turn.user_message_id, text=text, client_key=uuid7(), model_key=SCRIPTED, **more)  # type: ignore[arg-type]


def everything() -> list[object]:
    return [list(model.objects.order_by("id").values()) for model in (Message, Generation, AnswerSignal)]


def test_an_edited_question_is_a_sibling_with_an_answer_and_a_hold_of_its_own(owner: Actor, send: Send) -> None:
    first = end(send("first"))
    second = end(send("second", first.conversation_id))
    before = Message.objects.in_bulk()
    third = edit(owner, second)
    question = Message.objects.get(id=third.user_message_id)
    assert (question.parent_id, question.text, leaf(third)) == (first.assistant_message_id, "in other words", third.assistant_message_id)
    assert get_balance(owner.workspace_id).tokens_held > 0
    assert all(Message.objects.get(id=one.id).text == one.text for one in before.values())
    assert [signal.kind for signal in AnswerSignal.objects.all()] == ["edited"]


def test_the_very_first_question_can_be_edited_and_both_beginnings_are_remembered(owner: Actor, send: Send) -> None:
    first = end(send("first"))
    later = end(send("later", first.conversation_id))
    other = end(edit(owner, first))
    assert Message.objects.get(id=other.user_message_id).parent_id is None
    switch_branch(owner, first.conversation_id, first.user_message_id)
    assert leaf(first) == later.assistant_message_id


def test_editing_twice_with_one_key_at_the_same_time_is_one_version(owner: Actor, send: Send) -> None:
    turn = end(send("first"))
    key = uuid7()
    turns = {edit_message(owner, turn.conversation_id, turn.user_message_id, text="x", client_key=key).generation_id for _ in range(3)}
    assert len(turns) == 1
    assert Message.objects.filter(text="x").count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_edit_twenty_times_at_once_is_one_version(owner: Actor, send: Send) -> None:
    turn, key = end(send("first")), uuid7()

    def once(_: int) -> UUID:
        try:
            return edit_message(owner, turn.conversation_id, turn.user_message_id, text="x", client_key=key).generation_id
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=10) as pool:
        assert len(set(pool.map(once, range(20)))) == 1
    assert Generation.objects.filter(state="queued").count() == 1


def test_what_cannot_be_edited_is_refused_and_nothing_is_written(owner: Actor, stranger: Actor, send: Send) -> None:
    turn = end(send("first"))
    before = everything()
    with pytest.raises(MessageNotFound):
        edit_message(owner, turn.conversation_id, turn.assistant_message_id, text="x", client_key=uuid7())
    with pytest.raises(EmptyMessage):
        edit(owner, turn, "  \n")
    with pytest.raises(Exception, match="not yours"):
        edit(stranger, turn)
    set_allowance(owner.workspace_id, plan_code="free", tokens_per_period=10, cost_per_period=None, version=2)
    with pytest.raises(QuotaExceeded):
        edit(owner, turn)
    assert everything() == before


def test_while_an_answer_is_written_nothing_is_made_beside_it(owner: Actor, send: Send) -> None:
    turn = send("first")
    with pytest.raises(AnswerRunning):
        edit(owner, turn)
    with pytest.raises(AnswerRunning):
        regenerate(owner, turn.conversation_id, turn.assistant_message_id)
    with pytest.raises(AnswerRunning):
        fork_conversation(owner, turn.conversation_id, turn.assistant_message_id)
    assert Generation.objects.count() == 1


def test_what_people_do_with_answers_is_kept_for_analytics(owner: Actor, send: Send) -> None:
    turn = end(send("first"))
    again = regenerate(owner, turn.conversation_id, turn.assistant_message_id)
    for _ in range(2):
        stop_generation(owner, turn.conversation_id, again.assistant_message_id)
    stop_generation(owner, turn.conversation_id, turn.assistant_message_id)  # it had ended
    assert list(AnswerSignal.objects.order_by("id").values_list("kind", "generation_id", "user_id", "workspace_id")) == [
        ("regenerated", turn.generation_id, owner.user_id, owner.workspace_id),
        ("stopped", again.generation_id, owner.user_id, owner.workspace_id),
    ]
    limited = everything()
    set_allowance(owner.workspace_id, plan_code="free", tokens_per_period=10, cost_per_period=None, version=2)
    with pytest.raises(QuotaExceeded):
        regenerate(owner, turn.conversation_id, turn.assistant_message_id)
    assert everything() == limited


def test_a_page_that_is_behind_is_told_so_and_what_it_had_not_seen_stays(owner: Actor, send: Send) -> None:
    first = end(send("first"))
    unseen = end(send("unseen", first.conversation_id))
    seen = first.assistant_message_id
    assert not end(edit(owner, unseen, seen_id=unseen.assistant_message_id)).behind
    switch_branch(owner, first.conversation_id, unseen.user_message_id)
    again = regenerate(owner, first.conversation_id, first.assistant_message_id, seen_id=seen)
    assert again.behind
    end(again, "half", GenerationState.STOPPED)
    assert continue_answer(owner, first.conversation_id, again.assistant_message_id, seen_id=seen).behind
    switch_branch(owner, first.conversation_id, first.assistant_message_id)
    assert leaf(first) == unseen.assistant_message_id


def test_a_page_that_shows_nothing_any_more_begins_anew_and_overwrites_nothing(owner: Actor, send: Send) -> None:
    first = end(send("first"))
    late = send_message(owner, text="late", client_key=uuid7(), model_key=SCRIPTED, conversation_id=first.conversation_id, at_start=True)
    assert late.behind
    assert Message.objects.get(id=late.user_message_id).parent_id is None


def test_a_question_that_lost_its_answers_is_answered(owner: Actor, grow: Callable[[str], Grown]) -> None:
    grown = grow("ask")
    turn = regenerate(owner, grown.conversation.id, grown["ask"].id)
    assert Message.objects.get(id=turn.assistant_message_id).parent_id == grown["ask"].id


def test_another_model_can_be_asked_and_one_that_does_not_exist_cannot(owner: Actor, send: Send) -> None:
    turn = end(send("first"))
    with pytest.raises(Exception, match="model"):
        regenerate(owner, turn.conversation_id, turn.assistant_message_id, "no:such")
    assert regenerate(owner, turn.conversation_id, turn.assistant_message_id, SCRIPTED).user_message_id == turn.user_message_id


@pytest.mark.parametrize("state", [GenerationState.STOPPED, GenerationState.INTERRUPTED, GenerationState.FAILED])
def test_continue_begins_with_what_there_is_and_asks_for_the_rest(owner: Actor, send: Send, state: GenerationState) -> None:
    first = end(send("first"), "Once upon", state)
    turn = continue_answer(owner, first.conversation_id, first.assistant_message_id)
    answer = Message.objects.select_related("generation").get(id=turn.assistant_message_id)
    assert (answer.text, answer.generation.continued_chars, answer.parent_id) == ("Once upon", 9, first.user_message_id)
    job = claim_generation(turn.generation_id)
    assert job is not None
    assert job.request is not None
    said = [(message.role, message.parts) for message in job.request.messages]
    assert said == [(Role.USER, (TextPart("first"),)), (Role.ASSISTANT, (TextPart("Once upon"),)), (Role.USER, (TextPart(INSTRUCTION),))]
    assert AnswerSignal.objects.get().kind == "continued"


def test_what_has_ended_by_itself_or_never_began_is_not_continued(owner: Actor, send: Send) -> None:
    for turn in (end(send("whole")), end(send("none"), "", GenerationState.STOPPED)):
        with pytest.raises(AnswerComplete):
            continue_answer(owner, turn.conversation_id, turn.assistant_message_id)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("One.", "Two", " "),
        ("One. ", "Two", ""),
        ("on", "ce", ""),
        ("3.", "14", ""),
        ("One:", "\n- a", ""),
        ("", "x", ""),
        ("end.", "", ""),
    ],
)
def test_the_seam_gets_the_space_that_models_forget(before: str, after: str, expected: str) -> None:
    assert seam(before, after) == expected


def test_a_fork_has_the_way_up_to_there_and_costs_nothing(owner: Actor, send: Send) -> None:
    first = end(send("first"))
    second = end(send("second", first.conversation_id), "half", GenerationState.STOPPED)
    Conversation.objects.update(system_prompt="Be brief.")
    Generation.objects.update(cost=1, input_tokens=5, output_tokens=7, confidence="reported")
    before, spent = everything(), LedgerEntry.objects.count()
    fork = fork_conversation(owner, first.conversation_id, second.assistant_message_id)
    copies = list(Message.objects.filter(conversation=fork).order_by("id").select_related("generation"))
    originals = Message.objects.filter(conversation_id=first.conversation_id).order_by("id")
    assert [(one.text, one.html, one.role, one.created_at) for one in copies] == [(o.text, o.html, o.role, o.created_at) for o in originals]
    assert [one.parent_id for one in copies] == [None, *(one.id for one in copies[:-1])]
    assert (fork.active_leaf_id, fork.title, fork.system_prompt) == (copies[-1].id, "Fork of first", "Be brief.")
    generation = copies[3].generation
    assert (generation.model_key, generation.state, generation.cost, generation.output_tokens) == (SCRIPTED, "stopped", None, None)
    assert LedgerEntry.objects.count() == spent
    half = len(everything()[0]) - len(before[0])  # type: ignore[arg-type]
    assert half == 4
    assert Message.objects.filter(conversation_id=first.conversation_id).count() == 4
    assert end(send("third", fork.id)).conversation_id == fork.id


def test_a_fork_from_the_middle_stops_there_and_may_end_with_a_question(owner: Actor, send: Send) -> None:
    first = end(send("first"))
    second = end(send("second", first.conversation_id))
    fork = fork_conversation(owner, first.conversation_id, second.user_message_id)
    assert [one.text for one in Message.objects.filter(conversation=fork).order_by("id")] == ["first", "An answer.", "second"]
    assert fork.active_leaf_id is not None
    end(regenerate(owner, fork.id, fork.active_leaf_id))


def test_what_a_copy_does_not_share_with_its_original_exists() -> None:
    """All other columns are copied, also those that are added later: think about which a new one should be."""
    assert {field.column for field in Message._meta.concrete_fields} >= MESSAGE_OWN
    assert {field.column for field in Generation._meta.concrete_fields} >= GENERATION_OWN
