"""An import from the upload to the report: whole, once, resumable, and nobody else's business."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from accounts.types import Actor
from conversations.archives.tests.builders import ChatGPT, chatgpt_talk, claude_message, claude_talk, text_block, zipped
from conversations.models import Conversation, Folder, Generation, ImportJob, Message
from conversations.selectors.conversations import list_conversations
from conversations.selectors.imports import list_imports, view_import
from conversations.selectors.messages import open_conversation
from conversations.services.delete_conversation import delete_conversation
from conversations.services.render_imported import render_imported
from conversations.services.send_message import send_message
from conversations.services.start_import import imports_folder
from conversations.tests.conftest import SCRIPTED
from core.ids import uuid7
from usage.models import LedgerEntry
from usage.services import audit

pytestmark = pytest.mark.django_db
Bring = Callable[..., ImportJob]


def files() -> list[Path]:
    return list(imports_folder().iterdir())


def test_an_archive_of_chatgpt_is_imported_whole(owner: Actor, bring: Bring) -> None:
    talks = [chatgpt_talk(number, turns=5) for number in range(30)]
    job = bring(zipped({"conversations-000.json": talks[:20], "conversations-001.json": talks[20:], "chat.html": b"<html>"}))

    assert (job.state, job.format, job.total, job.position) == ("completed", "chatgpt", 30, 30)
    assert (job.imported_conversations, job.imported_messages, job.skipped) == (30, 300, [])
    assert Message.objects.count() == 300
    conversation = open_conversation(owner, Conversation.objects.get(import_key="chatgpt:c-7").id)
    assert conversation.title == "Talk 7"
    assert [(message.role, message.text) for message in conversation.messages][:2] == [
        ("user", "Question 0 of 7?"),
        ("assistant", "Answer **0** of 7."),
    ]
    assert "<strong>0</strong>" in conversation.messages[1].html
    assert conversation.messages[1].model_name == "gpt-4o"
    assert files() == []


def test_an_archive_of_claude_is_imported_whole(owner: Actor, bring: Bring) -> None:
    said = [
        claude_message("1", "human", text_block("?")),
        claude_message("2", "assistant", {"type": "thinking", "thinking": "Hm"}, text_block("!")),
    ]
    job = bring(zipped({"conversations.json": [claude_talk(1, said, project={"name": "Work"}), claude_talk(2)], "users.json": [{}]}))

    assert (job.state, job.format, job.imported_conversations, job.imported_messages) == ("completed", "claude", 2, 4)
    first = Conversation.objects.get(import_key="claude:k-1")
    assert first.folder == Folder.objects.get(owner_id=owner.user_id, name="Work")
    assert open_conversation(owner, first.id).messages[1].reasoning == "Hm"


def test_what_is_imported_stands_at_its_own_date_and_can_be_continued(owner: Actor, bring: Bring) -> None:
    talk = ChatGPT("c-1", "Old", update_time=1_600_000_000.0, create_time=1_500_000_000.0)
    talk.say("user", "Hello", create_time=1_500_000_000.0)
    talk.say("assistant", "Hi", create_time=1_600_000_000.0)
    bring([talk.done()])
    conversation = Conversation.objects.get()
    assert (conversation.created_at.year, conversation.last_activity_at.year) == (2017, 2020)
    assert not conversation.unread
    assert [item.id for item in list_conversations(owner).items] == [conversation.id]

    turn = send_message(owner, text="And now?", client_key=uuid7(), model_key=SCRIPTED, conversation_id=conversation.id)

    assert Message.objects.get(id=turn.user_message_id).parent_id == conversation.active_leaf_id
    assert Message.objects.filter(text="Hi", author__isnull=True).exists()


def test_nothing_is_spent_by_an_import(bring: Bring) -> None:
    bring([chatgpt_talk(1)])
    assert not Generation.objects.exists()
    assert not LedgerEntry.objects.exists()
    assert audit() == []


def test_the_same_archive_again_brings_nothing_and_says_so(bring: Bring) -> None:
    archive = zipped({"conversations.json": [chatgpt_talk(1), chatgpt_talk(2), chatgpt_talk(1)]})
    first, second = bring(archive), bring(archive)

    assert (first.imported_conversations, first.skipped_count) == (2, 1)
    assert (second.state, second.imported_conversations, second.skipped_count) == ("completed", 0, 3)
    assert second.skipped == [{"reason": "already_here", "count": 3, "examples": ["Talk 1", "Talk 2", "Talk 1"]}]
    assert Conversation.objects.count() == 2


def test_what_was_deleted_may_be_brought_again(owner: Actor, bring: Bring) -> None:
    bring([chatgpt_talk(1)])
    delete_conversation(owner, Conversation.objects.get().id)
    assert bring([chatgpt_talk(1)]).imported_conversations == 1
    assert [item.title for item in list_conversations(owner).items] == ["Talk 1"]


def test_two_people_may_bring_the_same(owner: Actor, stranger: Actor, bring: Bring) -> None:
    assert bring([chatgpt_talk(1)]).imported_conversations == bring([chatgpt_talk(1)], actor=stranger).imported_conversations == 1
    mine = Conversation.objects.get(owner_id=owner.user_id)
    assert not Message.objects.filter(conversation=mine).exclude(workspace_id=owner.workspace_id).exists()


def test_what_stays_out_is_counted_with_its_reason(owner: Actor, bring: Bring) -> None:
    drawn = ChatGPT("c-2", "Drawn")
    drawn.add("user", {"content_type": "multimodal_text", "parts": [{"content_type": "image_asset_pointer"}, "?"]})
    job = bring([chatgpt_talk(1), drawn.done(), {"title": "Empty", "mapping": {}}, {"other": 1}, 7])

    view = view_import(owner, job.id)
    assert view.skipped_count == 3
    assert {line.words: (line.count, line.examples) for line in view.skipped} == {
        "without any message": (1, ("Empty",)),
        "not a conversation that is known here": (2, ()),
    }
    assert [(line.words, line.count) for line in view.parts] == [("images, marked in the text with their names", 1)]


def test_a_file_that_breaks_off_leaves_what_came_before_and_says_where(owner: Actor, bring: Bring) -> None:
    whole = json.dumps([chatgpt_talk(number) for number in range(4)]).encode()
    job = bring(whole[:-700], name="conversations.json")
    assert (job.state, job.imported_conversations) == ("failed", 3)
    assert "after 3 conversations (at byte" in job.error_message
    assert list_imports(owner)[0].state_words == "Ended early"
    assert files() == []


def test_answers_are_rendered_ahead_of_their_readers(owner: Actor, bring: Bring) -> None:
    bring([chatgpt_talk(number) for number in range(3)])
    assert render_imported(owner) == 6
    assert not Message.objects.filter(role="assistant", html="").exists()
    assert render_imported(owner) == 0
