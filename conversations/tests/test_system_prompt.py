"""What every answer is told beforehand: custom instructions, then the conversation's own prompt; sent, held and paid for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

import pytest
from django.test import Client

from accounts.models import User
from accounts.selectors import chat_preferences
from accounts.services import update_chat_preferences
from accounts.types import Actor
from conversations.exceptions import ConversationNotFound, SystemPromptTooLong
from conversations.models import Conversation, Generation
from conversations.services.claim_generation import claim_generation
from conversations.services.finish_generation import close_unstarted
from conversations.services.send_message import send_message
from conversations.services.set_system_prompt import set_system_prompt
from conversations.states import GenerationState
from conversations.system_prompt import MAX_CHARACTERS
from conversations.tests.conftest import SCRIPTED
from conversations.types import Beginning, Turn
from core.ids import uuid7
from usage.selectors.balance import get_balance

pytestmark = pytest.mark.django_db
Send = Callable[..., Turn]


def instruct(actor: Actor, words: str) -> None:
    update_chat_preferences(actor.user_id, replace(chat_preferences(actor.user_id), custom_instructions=words))


def sent_along(generation_id: UUID) -> str:
    job = claim_generation(generation_id)
    assert job is not None
    assert job.request is not None
    return job.request.system


def begin(actor: Actor, prompt: str) -> Turn:
    return send_message(actor, text="Hello", client_key=uuid7(), model_key=SCRIPTED, beginning=Beginning(system_prompt=prompt))


def test_instructions_come_first_and_then_the_prompt(owner: Actor) -> None:
    instruct(owner, "I am a nurse.")
    turn = begin(owner, "  Answer in Dutch.\r\n\x00")
    assert sent_along(turn.generation_id) == "I am a nurse.\n\nAnswer in Dutch."


def test_each_of_them_alone(owner: Actor) -> None:
    assert sent_along(begin(owner, "Answer in Dutch.").generation_id) == "Answer in Dutch."
    instruct(owner, "I am a nurse.")
    assert sent_along(begin(owner, "").generation_id) == "I am a nurse."


def test_both_are_held_like_any_other_input(owner: Actor) -> None:
    plain = Generation.objects.get(id=begin(owner, "").generation_id).input_estimate
    with_prompt = Generation.objects.get(id=begin(owner, "word " * 1000).generation_id).input_estimate
    instruct(owner, "word " * 500)
    with_both = Generation.objects.get(id=begin(owner, "word " * 1000).generation_id).input_estimate
    assert with_prompt >= plain + 1000
    assert with_both >= with_prompt + 500
    held = sum(generation.input_estimate + generation.max_output_tokens for generation in Generation.objects.all())
    assert get_balance(owner.workspace_id).tokens_held == held


def test_a_prompt_that_is_set_later_counts_from_the_next_question_on(owner: Actor, send: Send) -> None:
    turn = send()
    close_unstarted(turn.generation_id, GenerationState.STOPPED)
    before = Conversation.objects.get().revision
    set_system_prompt(owner, turn.conversation_id, "Be brief.")
    assert Conversation.objects.get().revision == before + 1
    assert sent_along(send("And now?", turn.conversation_id).generation_id) == "Be brief."


def test_the_same_prompt_again_changes_nothing(owner: Actor, send: Send) -> None:
    turn = send()
    set_system_prompt(owner, turn.conversation_id, "Be brief.")
    revision = Conversation.objects.get().revision
    set_system_prompt(owner, turn.conversation_id, " Be brief. ")
    assert Conversation.objects.get().revision == revision


def test_over_the_limit_nothing_is_written(owner: Actor, send: Send) -> None:
    turn = send()
    with pytest.raises(SystemPromptTooLong):
        set_system_prompt(owner, turn.conversation_id, "x" * (MAX_CHARACTERS + 1))
    with pytest.raises(SystemPromptTooLong):
        begin(owner, "x" * (MAX_CHARACTERS + 1))
    assert Conversation.objects.get().system_prompt == ""


def test_a_stranger_finds_no_conversation(stranger: Actor, send: Send) -> None:
    with pytest.raises(ConversationNotFound):
        set_system_prompt(stranger, send().conversation_id, "mine now")
    assert Conversation.objects.get().system_prompt == ""


def test_the_form_shows_stores_and_refuses_with_and_without_htmx(owner: Actor, send: Send) -> None:
    client = Client()
    client.force_login(User.objects.get(id=owner.user_id))
    address = f"/c/{send().conversation_id}/system/"
    assert client.post(address, {"system": "Be <brief>."})["Location"] == address.replace("system/", "")
    assert "Be &lt;brief&gt;." in client.get(address).content.decode()
    for headers in ({}, {"HTTP_HX_REQUEST": "true"}):
        too_long = client.post(address, {"system": "x" * (MAX_CHARACTERS + 1)}, **headers)  # type: ignore[arg-type]
        assert too_long.status_code == 422
        assert "at most 20,000 characters" in too_long.content.decode()
        assert "xxx" in too_long.content.decode()
    marks = client.post(address, {"system": "Other"}, HTTP_HX_REQUEST="true")
    assert marks["X-Revision"] == str(Conversation.objects.get().revision)
    assert "has a system prompt" in marks.content.decode()
    assert "has a system prompt" not in client.post(address, {"system": ""}, HTTP_HX_REQUEST="true").content.decode()


def test_tokens_are_counted_for_people_who_write(owner: Actor) -> None:
    client = Client()
    client.force_login(User.objects.get(id=owner.user_id))
    assert client.post("/c/tokens/", {"text": "Hello there"}).content == b"2"
    assert client.post("/c/tokens/", {"text": ""}).content == b"0"
    assert Client().post("/c/tokens/", {"text": "x"}).status_code == 302
