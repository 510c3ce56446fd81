"""What is over goes for good, in batches, without the ledger."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.types import Actor
from conversations.exceptions import ConversationNotFound
from conversations.models import Conversation, Generation, Message
from conversations.selectors.conversations import list_deleted
from conversations.services import erase_conversations as service
from conversations.services.delete_conversation import delete_conversation, restore_conversation
from conversations.services.erase_conversations import erase_conversations
from conversations.services.finish_generation import Charge, Outcome, finish_generation
from conversations.states import GenerationState
from conversations.tests.test_change_many import make
from conversations.tests.test_pages import answer
from conversations.types import Turn
from usage.models import Hold, LedgerEntry
from usage.services import audit
from usage.types import Confidence, TokenBuckets, UnitPrices

pytestmark = pytest.mark.django_db
Send = Callable[..., Turn]


def days_ago(days: float) -> Any:
    return timezone.now() - timedelta(days=days)


def test_after_thirty_days_the_conversation_is_gone_and_its_spend_is_not(owner: Actor, send: Send) -> None:
    turn = send()
    Generation.objects.filter(id=turn.generation_id).update(state="running")
    charge = Charge("scripted", "scripted", TokenBuckets(fresh_input=3, output=5), UnitPrices(), Confidence.REPORTED)
    finish_generation(turn.generation_id, Outcome(GenerationState.COMPLETED, "words", charge=charge))
    ledger = list(LedgerEntry.objects.values())
    delete_conversation(owner, turn.conversation_id)
    Conversation.objects.update(deleted_at=days_ago(29))
    assert erase_conversations() == 0
    assert [item.id for item in list_deleted(owner).items] == [turn.conversation_id]
    Conversation.objects.update(deleted_at=days_ago(30))
    assert list_deleted(owner).items == ()
    with pytest.raises(ConversationNotFound):
        restore_conversation(owner, turn.conversation_id)
    assert erase_conversations() == 1
    assert not Conversation.objects.exists()
    assert not Message.objects.exists()
    assert list(LedgerEntry.objects.values()) == ledger
    assert len(ledger) == 1
    assert audit() == []


def test_a_temporary_chat_goes_when_its_time_is_over(owner: Actor, send: Send) -> None:
    kept, over = send("kept"), send("over")
    for turn in (kept, over):
        answer(turn)
    Conversation.objects.filter(id=kept.conversation_id).update(expires_at=timezone.now() + timedelta(minutes=1))
    Conversation.objects.filter(id=over.conversation_id).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert erase_conversations() == 1
    assert list(Conversation.objects.values_list("id", flat=True)) == [kept.conversation_id]


def test_a_running_answer_is_stopped_and_settled_before_its_conversation_goes(owner: Actor, send: Send) -> None:
    turn = send()
    Generation.objects.filter(id=turn.generation_id).update(state="running")
    Conversation.objects.update(expires_at=timezone.now())
    assert erase_conversations() == 0
    assert Generation.objects.get().stop_requested_at is not None
    finish_generation(turn.generation_id, Outcome(GenerationState.STOPPED, "so far"))
    assert erase_conversations() == 1
    assert not Hold.objects.filter(state="held").exists()


def test_a_queued_answer_is_closed_at_once(owner: Actor, send: Send) -> None:
    send()
    Conversation.objects.update(expires_at=timezone.now())
    assert erase_conversations() == 1


def test_more_than_a_batch_goes_in_one_round(owner: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "BATCH", 2)
    make(owner, 5, deleted_at=days_ago(31))
    make(owner, 1)
    assert erase_conversations() == 5
    assert Conversation.objects.count() == 1


def test_a_round_ends_in_time_and_the_next_goes_on(owner: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    make(owner, 2, deleted_at=days_ago(31))
    monkeypatch.setattr(service, "LONGEST_RUN_SECONDS", -1.0)
    assert erase_conversations() == 0
    monkeypatch.setattr(service, "LONGEST_RUN_SECONDS", 40.0)
    assert erase_conversations() == 2


def test_a_conversation_with_branches_and_versions_goes_whole(owner: Actor, send: Send) -> None:
    turn = send("first")
    answer(turn)
    for number in range(20):
        turn = send(f"more {number}", turn.conversation_id)
        answer(turn)
    Message.objects.filter(id=turn.user_message_id).update(left_at_leaf_id=turn.assistant_message_id)
    delete_conversation(owner, turn.conversation_id)
    Conversation.objects.update(deleted_at=days_ago(31))
    assert erase_conversations() == 1
    assert not Message.objects.exists()
