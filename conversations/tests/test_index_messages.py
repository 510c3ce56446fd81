"""Messages become searchable after they were written; the index follows them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import StringIO

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from accounts.types import Actor
from conversations.models import Conversation, Generation, Message, SearchEntry
from conversations.services.finish_generation import Outcome, finish_generation
from conversations.services.index_messages import VERIFIED, index_due, index_messages, index_missing
from conversations.services.seed_demo import seed_demo
from conversations.states import GenerationState
from conversations.types import Turn
from core.redis import get_redis

pytestmark = pytest.mark.django_db
Send = Callable[..., Turn]


@pytest.fixture(autouse=True)
def _nothing_waits() -> None:
    get_redis().delete("search:due", "search:scheduled")
    cache.delete_many([VERIFIED, "search:sweeping"])


def finish(turn: Turn, text: str) -> None:
    Generation.objects.filter(id=turn.generation_id).update(state="running")
    assert finish_generation(turn.generation_id, Outcome(state=GenerationState.COMPLETED, text=text))


def test_both_turns_are_indexed_when_the_answer_has_ended(
    owner: Actor, send: Send, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    turn = send("red apples")
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        finish(turn, "They are green.")
    assert index_due() == 2
    question, answer = SearchEntry.objects.order_by("message_id")
    assert (question.message_id, question.role, question.model_key) == (turn.user_message_id, "user", "")
    assert (answer.message_id, answer.role, answer.model_key) == (turn.assistant_message_id, "assistant", "scripted:scripted")
    assert {entry.owner_id for entry in (question, answer)} == {owner.user_id}
    assert "'apples':2" in question.words
    assert index_due() == 0


def test_a_running_answer_waits_for_its_end(send: Send) -> None:
    turn = send("red apples")
    Message.objects.filter(id=turn.assistant_message_id).update(text="half an ans")
    assert index_messages([turn.user_message_id, turn.assistant_message_id]) == 1
    assert index_missing() == 0
    finish(turn, "half an answer is not enough")
    assert index_missing() == 1


def test_the_sweep_finds_what_no_job_was_told_of(owner: Actor) -> None:
    seed_demo(owner, conversations=3, messages=10)
    assert index_missing() == 30
    assert index_missing() == 0
    SearchEntry.objects.filter(message_id=Message.objects.earliest("id").id).delete()
    assert index_missing() == 1, "within the last hour it looks again"
    SearchEntry.objects.all().delete()
    assert index_missing(now=timezone.now() + timedelta(hours=2)) == 30
    SearchEntry.objects.all().delete()
    assert index_missing() == 0, "what was verified long ago is not read again"


def test_the_command_indexes_everything_and_may_be_repeated(owner: Actor) -> None:
    seed_demo(owner, conversations=2, messages=6)
    said = StringIO()
    for extra, indexed in (((), 12), ((), 0), (("--again",), 12)):
        call_command("index_messages", *extra, stdout=said)
        assert said.getvalue().endswith(f"Indexed {indexed} messages.\n")
    assert SearchEntry.objects.count() == 12


@pytest.mark.parametrize("by", ["django", "sql"])
def test_entries_go_with_their_messages(send: Send, by: str) -> None:
    turn = send("red apples")
    index_messages([turn.user_message_id])
    if by == "django":
        Conversation.objects.get(id=turn.conversation_id).delete()
    else:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE conversations_conversation SET active_leaf_id = NULL")
            cursor.execute("DELETE FROM conversations_generation")
            cursor.execute("DELETE FROM conversations_message")
    assert not SearchEntry.objects.exists()


def test_an_empty_answer_has_no_entry(send: Send) -> None:
    turn = send()
    finish(turn, "")
    assert index_messages([turn.assistant_message_id]) == 0
