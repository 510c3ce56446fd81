"""A thumb for an answer: one for each person, changed or taken back, with a reason."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from accounts.types import Actor
from conversations.exceptions import ConversationNotFound, MessageNotFound, UnknownReason
from conversations.models import Feedback, Generation
from conversations.selectors.messages import open_conversation
from conversations.services.finish_generation import Outcome, finish_generation
from conversations.services.rate_answer import explain_rating, rate_answer
from conversations.states import GenerationState
from conversations.types import Turn
from core.exceptions import InvalidInput

pytestmark = pytest.mark.django_db


@pytest.fixture
def turn(send: Callable[..., Turn]) -> Turn:
    turn = send()
    Generation.objects.update(state="running")
    finish_generation(turn.generation_id, Outcome(state=GenerationState.COMPLETED, text="An answer."))
    return turn


def rate(actor: Actor, turn: Turn, rating: str) -> str:
    return rate_answer(actor, turn.conversation_id, turn.assistant_message_id, rating).rating


def explain(actor: Actor, turn: Turn, reason: str, comment: str = "") -> Feedback:
    return explain_rating(actor, turn.conversation_id, turn.assistant_message_id, reason=reason, comment=comment)


def test_a_thumb_is_kept_once_and_shown(owner: Actor, turn: Turn) -> None:
    assert [rate(owner, turn, "good"), rate(owner, turn, "good")] == ["good", "good"]
    assert Feedback.objects.get().rating == "good"
    assert open_conversation(owner, turn.conversation_id).messages[-1].rating == "good"


def test_the_same_thumb_again_keeps_its_reason_the_other_one_forgets_it(owner: Actor, turn: Turn) -> None:
    rate(owner, turn, "bad")
    explain(owner, turn, "wrong", " The year is 1889. ")
    rate(owner, turn, "bad")
    assert (Feedback.objects.get().reason, Feedback.objects.get().comment) == ("wrong", "The year is 1889.")
    rate(owner, turn, "good")
    assert (Feedback.objects.get().reason, Feedback.objects.get().comment) == ("", "")


def test_taking_it_back_leaves_nothing(owner: Actor, turn: Turn) -> None:
    rate(owner, turn, "bad")
    assert rate(owner, turn, "") == ""
    assert not Feedback.objects.exists()
    with pytest.raises(MessageNotFound):
        explain(owner, turn, "wrong")


def test_what_the_page_does_not_offer_is_refused(owner: Actor, stranger: Actor, turn: Turn) -> None:
    with pytest.raises(InvalidInput):
        rate(owner, turn, "excellent")
    with pytest.raises(ConversationNotFound):
        rate(stranger, turn, "good")
    rate(owner, turn, "good")
    with pytest.raises(UnknownReason):
        explain(owner, turn, "wrong")  # a reason for the other thumb
    with pytest.raises(InvalidInput, match="2,000"):
        explain(owner, turn, "clear", "x" * 2001)
    assert Feedback.objects.get().comment == ""


def test_a_question_or_a_running_answer_has_no_thumb(owner: Actor, send: Callable[..., Turn]) -> None:
    running = send()
    with pytest.raises(MessageNotFound):
        rate(owner, running, "good")
    with pytest.raises(MessageNotFound):
        rate_answer(owner, running.conversation_id, running.user_message_id, "good")
