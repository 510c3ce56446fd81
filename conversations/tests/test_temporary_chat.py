"""A temporary chat keeps its word: in no list, without a title call, gone when its time is up - or kept, when one asks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.types import Actor
from conversations.exceptions import ConversationNotFound, MessageNotFound
from conversations.models import Conversation, Generation
from conversations.runner.title import _prepare
from conversations.selectors.access import get_message
from conversations.selectors.conversations import list_conversations
from conversations.selectors.messages import open_conversation
from conversations.services.finish_generation import Outcome, finish_generation
from conversations.services.keep_conversation import keep_conversation
from conversations.services.send_message import send_message
from conversations.states import GenerationState
from conversations.tests.conftest import SCRIPTED
from conversations.tests.listener import Listener
from conversations.topics import _may_listen
from conversations.types import Beginning, Turn
from core.ids import uuid7

pytestmark = pytest.mark.django_db


@pytest.fixture
def heard() -> Iterator[Listener]:
    listener = Listener()
    yield listener
    listener.close()


@pytest.fixture
def turn(owner: Actor) -> Turn:
    return send_message(owner, text="My secret plan", client_key=uuid7(), model_key=SCRIPTED, beginning=Beginning(temporary=True))


def answer(turn: Turn) -> None:
    Generation.objects.filter(id=turn.generation_id).update(state="running")
    finish_generation(turn.generation_id, Outcome(state=GenerationState.COMPLETED, text="Done."))


def pass_the_time(turn: Turn) -> None:
    Conversation.objects.filter(id=turn.conversation_id).update(expires_at=timezone.now() - timedelta(seconds=1))


def test_it_lives_as_long_as_the_setting_says(settings: Any, owner: Actor) -> None:
    settings.TEMPORARY_CHAT_HOURS = 3
    send_message(owner, text="x", client_key=uuid7(), model_key=SCRIPTED, beginning=Beginning(temporary=True))
    expires_at = Conversation.objects.get().expires_at
    assert expires_at is not None
    assert abs(expires_at - timezone.now() - timedelta(hours=3)) < timedelta(minutes=1)


def test_it_is_in_no_list_and_its_title_says_nothing(owner: Actor, turn: Turn) -> None:
    answer(turn)
    assert list_conversations(owner).items == ()
    conversation = Conversation.objects.get()
    assert conversation.title == "Temporary chat"
    assert _prepare(conversation.id, "title:x", None) is None


def test_no_sidebar_hears_of_it(owner: Actor, heard: Listener, django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        answer(send_message(owner, text="Secret", client_key=uuid7(), model_key=SCRIPTED, beginning=Beginning(temporary=True)))
    told = heard.events()
    assert {event["topic"].partition(":")[0] for event in told if event.get("html")} == {"conversation"}
    assert all(event["html"] == "" for event in told if event["type"] == "conversation")


def test_when_its_time_is_up_it_is_gone_at_once(owner: Actor, turn: Turn) -> None:
    answer(turn)
    pass_the_time(turn)
    with pytest.raises(ConversationNotFound):
        open_conversation(owner, turn.conversation_id)
    with pytest.raises(MessageNotFound):
        get_message(owner, turn.conversation_id, turn.assistant_message_id)
    with pytest.raises(ConversationNotFound):
        send_message(owner, text="x", client_key=uuid7(), model_key=SCRIPTED, conversation_id=turn.conversation_id)
    with pytest.raises(ConversationNotFound):
        keep_conversation(owner, turn.conversation_id)
    assert not _may_listen(owner.user_id, turn.conversation_id)
    client = Client()
    client.force_login(User.objects.get(id=owner.user_id))
    for path in ("", "log/", "system/", f"m/{turn.assistant_message_id}/", f"m/{turn.assistant_message_id}/source/"):
        assert client.get(f"/c/{turn.conversation_id}/{path}").status_code == 404


def test_kept_it_is_a_conversation_like_all_others(
    owner: Actor, turn: Turn, heard: Listener, django_capture_on_commit_callbacks: Any
) -> None:
    answer(turn)
    revision = Conversation.objects.get().revision
    with django_capture_on_commit_callbacks(execute=True):
        keep_conversation(owner, turn.conversation_id)
    conversation = Conversation.objects.get()
    assert (conversation.expires_at, conversation.title, conversation.title_source) == (None, "My secret plan", "fallback")
    assert conversation.revision == revision + 1
    assert [row.title for row in list_conversations(owner).items] == ["My secret plan"]
    assert [event["type"] for event in heard.events()] == ["title", "conversation", "settings"]
    keep_conversation(owner, turn.conversation_id)
    assert Conversation.objects.get().revision == revision + 1


def test_a_name_that_somebody_gave_it_stays(owner: Actor, turn: Turn) -> None:
    Conversation.objects.update(title="Holiday", title_source="person")
    keep_conversation(owner, turn.conversation_id)
    assert Conversation.objects.get().title == "Holiday"


def test_a_stranger_cannot_keep_it(stranger: Actor, turn: Turn) -> None:
    with pytest.raises(ConversationNotFound):
        keep_conversation(stranger, turn.conversation_id)
    assert Conversation.objects.get().temporary


def test_the_composer_begins_one_and_its_page_says_until_when(owner: Actor) -> None:
    browser = Client()
    browser.force_login(User.objects.get(id=owner.user_id))
    made = browser.post("/c/", {"text": "Hello", "model": SCRIPTED, "temporary": "1", "system": "Be brief."})
    page = browser.get(made["Location"].split("#")[0]).content.decode()
    assert "Temporary chat: erased on" in page
    assert "Keep this chat" in page
    conversation = Conversation.objects.get()
    assert (conversation.temporary, conversation.system_prompt) == (True, "Be brief.")
    browser.post(f"/c/{conversation.id}/keep/")
    assert "Keep this chat" not in browser.get(f"/c/{conversation.id}/").content.decode()
