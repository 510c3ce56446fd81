"""`seed_demo`: bulk data that the rest of the product cannot tell from lived history."""

from __future__ import annotations

from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db.models import Count, Sum

from accounts.models import User
from accounts.selectors.actor import actor_for
from accounts.types import Actor
from conversations.models import Conversation, Generation, Message
from conversations.rendering import render
from conversations.selectors.conversations import list_conversations
from conversations.selectors.messages import open_conversation
from conversations.services.seed_demo import seed_demo
from conversations.services.send_message import send_message
from core.ids import uuid7
from providers.tokens import count_tokens
from usage.models import LedgerEntry
from usage.services import audit

pytestmark = pytest.mark.django_db
OPENAI = {"OPENAI_API_KEY": "sk-nothing"}


@pytest.fixture
def priced(monkeypatch: pytest.MonkeyPatch) -> None:
    """Models with prices are on offer; none is called."""
    for name, value in OPENAI.items():
        monkeypatch.setenv(name, value)


@pytest.mark.usefixtures("priced")
def test_counters_ledger_and_generations_agree_to_the_last_decimal(owner: Actor) -> None:
    seed_demo(owner, conversations=7, messages=10)

    assert audit() == []
    spent = LedgerEntry.objects.aggregate(rows=Count("id"), tokens=Sum("tokens"), cost=Sum("cost"))
    made = Generation.objects.aggregate(rows=Count("id"), read=Sum("input_tokens"), written=Sum("output_tokens"), cost=Sum("cost"))
    assert spent["rows"] == made["rows"] == 35
    assert spent["tokens"] == made["read"] + made["written"]
    assert spent["cost"] == made["cost"] > Decimal(0)


@pytest.mark.usefixtures("priced")
def test_each_answer_has_the_ledger_row_of_its_own_figures(owner: Actor) -> None:
    seed_demo(owner, conversations=2, messages=6)

    for generation in Generation.objects.all():
        entry = LedgerEntry.objects.get(key=generation.key)
        assert (entry.cost, entry.output) == (generation.cost, generation.output_tokens)
        assert entry.fresh_input + entry.cache_read == generation.input_tokens
        assert entry.called_at == generation.created_at
        assert generation.model_key == f"{entry.provider}:{entry.model}"


def test_a_conversation_opens_as_if_it_had_been_written(owner: Actor) -> None:
    seed_demo(owner, conversations=1, messages=80)

    conversation = open_conversation(owner, Conversation.objects.get().id)
    assert conversation.has_older
    assert [view.role for view in conversation.messages[:2]] == ["user", "assistant"]
    assert all(view.status == "completed" for view in conversation.messages)
    assert all(view.html == render(view.text) for view in conversation.messages if view.role == "assistant")
    assert Message.objects.filter(parent__isnull=True).count() == 1
    for message in Message.objects.all():
        assert message.token_count == count_tokens(message.text)
        assert (message.text_bytes, message.text_chars) == (len(message.text.encode()), len(message.text))


def test_the_conversation_can_be_continued(owner: Actor) -> None:
    seed_demo(owner, conversations=1, messages=4)
    conversation = Conversation.objects.get()

    turn = send_message(owner, text="And now?", client_key=uuid7(), model_key="scripted:scripted", conversation_id=conversation.id)

    assert Message.objects.get(id=turn.user_message_id).parent_id == conversation.active_leaf_id


def test_the_list_is_spread_over_time_latest_first(owner: Actor) -> None:
    seed_demo(owner, conversations=40, messages=2)

    moments = [item.last_activity_at for item in list_conversations(owner).items]
    assert moments == sorted(moments, reverse=True)
    assert (moments[0] - moments[-1]).days > 100
    assert LedgerEntry.objects.values("period").distinct().count() > 6


def test_odd_numbers_become_whole_turns_and_a_second_run_adds(owner: Actor) -> None:
    assert seed_demo(owner, conversations=2, messages=3) == 8
    assert seed_demo(owner, conversations=1, messages=2, seed=1) == 2

    assert Conversation.objects.count() == 3
    assert Message.objects.count() == 10
    assert audit() == []


def test_nothing_asked_for_is_nothing_done(owner: Actor) -> None:
    assert seed_demo(owner, conversations=0, messages=50) == 0
    assert not LedgerEntry.objects.exists()


def test_the_command_makes_the_user_and_prints_the_rate() -> None:
    said = StringIO()
    call_command("seed_demo", email="Demo@Example.com", password="correct horse", conversations=3, messages=4, stdout=said)

    user = User.objects.get(email="demo@example.com")
    assert user.check_password("correct horse")
    assert Conversation.objects.filter(owner=user).count() == 3
    assert "12 of 12 messages" in said.getvalue()
    assert "a second" in said.getvalue()


def test_a_known_user_keeps_their_password_and_gets_room_to_go_on(owner: Actor) -> None:
    known = User.objects.get(id=owner.user_id)
    known.set_password("a long enough password")
    known.save()
    call_command("seed_demo", email="owner@example.com", password="another", conversations=1, messages=2, stdout=StringIO())

    assert User.objects.get(email="owner@example.com").check_password("a long enough password")
    assert actor_for(owner.user_id).workspace_id == owner.workspace_id


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"email": "new@example.com"}, "--password"),
        ({"email": "owner@example.com", "plan": "no-such-plan"}, "no-such-plan"),
        ({"email": "owner@example.com", "messages": -1}, "not negative"),
    ],
)
def test_the_command_refuses_in_one_clear_line(owner: Actor, options: dict[str, object], reason: str) -> None:
    with pytest.raises(CommandError, match=reason):
        call_command("seed_demo", stdout=StringIO(), **options)
    assert not Conversation.objects.exists()
