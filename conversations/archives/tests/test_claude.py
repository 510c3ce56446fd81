"""Claude's conversations: blocks become Markdown, parents become branches."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from conversations.archives import claude, reasons
from conversations.archives.parsed import ParsedConversation
from conversations.archives.reasons import Skipped
from conversations.archives.tests.builders import CLAUDE_ROOT, claude_message, claude_talk, text_block


def read(values: dict[str, Any]) -> ParsedConversation:
    return claude.read(values, json.dumps(values).encode())


def lines(found: ParsedConversation) -> list[tuple[str, str, int | None]]:
    return [(message.role, message.text, message.parent) for message in found.messages]


def answer_of(*blocks: dict[str, Any]) -> tuple[str, str, dict[str, int]]:
    said = [claude_message("1", "human", text_block("?")), claude_message("2", "assistant", *blocks)]
    found = read(claude_talk(1, said))
    return found.messages[1].text, found.messages[1].reasoning, dict(found.left_out)


def test_a_plain_talk_comes_whole() -> None:
    found = read(claude_talk(3, name="  Our\ntalk ", model="claude-sonnet-4", project={"uuid": "p", "name": "Work"}))
    assert lines(found) == [("user", "Question of 3?", None), ("assistant", "Answer of 3.", 0)]
    assert (found.key, found.title, found.folder, found.shown) == ("claude:k-3", "Our talk", "Work", 1)
    assert found.messages[1].created_at == datetime(2025, 2, 3, 10, 0, 0, 123456, UTC)
    assert found.last_activity_at == datetime(2025, 2, 3, 11, tzinfo=UTC)
    assert found.messages[1].model == "claude-sonnet-4"


def test_parents_make_branches_and_the_leaf_is_shown() -> None:
    said = [
        claude_message("q", "human", text_block("One?"), parent=CLAUDE_ROOT),
        claude_message("a", "assistant", text_block("1"), parent="q"),
        claude_message("b", "assistant", text_block("2"), parent="q"),
        claude_message("r", "human", text_block("Edited?"), parent=CLAUDE_ROOT),
        claude_message("c", "assistant", text_block("3"), parent="r"),
    ]
    found = read(claude_talk(1, said, current_leaf_message_uuid="a"))
    assert lines(found) == [
        ("user", "One?", None),
        ("assistant", "1", 0),
        ("assistant", "2", 0),
        ("user", "Edited?", None),
        ("assistant", "3", 3),
    ]
    assert found.shown == 1
    assert read(claude_talk(1, said)).shown == 4


def test_thoughts_are_reasoning() -> None:
    assert answer_of({"type": "thinking", "thinking": "Hm."}, text_block("Yes.")) == ("Yes.", "Hm.", {})


def test_artifacts_and_analysis_are_readable_other_tools_are_counted() -> None:
    text, _, left_out = answer_of(
        text_block("Here:"),
        {"type": "tool_use", "name": "artifacts", "input": {"command": "create", "title": "Page", "type": "text/html", "content": "<p>Hi"}},
        {"type": "tool_result", "name": "artifacts", "content": [{"type": "text", "text": "OK"}]},
        {"type": "tool_use", "name": "repl", "input": {"code": "1 + 1"}},
        {"type": "tool_result", "name": "repl", "content": [{"type": "text", "text": "2"}]},
        {"type": "tool_use", "name": "web_search", "input": {"query": "x"}},
        {"type": "tool_result", "name": "web_search", "content": []},
    )
    assert text == "Here:\n\n**Page**\n\n```html\n<p>Hi\n```\n\n```javascript\n1 + 1\n```\n\n```text\n2\n```"
    assert left_out == {reasons.TOOL_CALLS: 1, reasons.TOOL_RESULTS: 1}


def test_pastes_and_files_belong_to_the_question() -> None:
    attachments = [{"file_name": "", "extracted_content": "A long paste"}, {"file_name": "a.txt", "extracted_content": "Its text"}]
    files = [{"file_name": "cat.PNG"}, {"file_name": "b.pdf"}]
    found = read(claude_talk(1, [claude_message("1", "human", attachments=attachments, files=files)]))
    assert found.messages[0].text == "A long paste\n\n[file: a.txt]\n\n```\nIts text\n```\n\n[image: cat.PNG]\n\n[file: b.pdf]"
    assert found.left_out == {reasons.IMAGES: 1, reasons.FILES: 1}


def test_older_exports_have_text_alone() -> None:
    said: list[dict[str, Any]] = [
        {"uuid": "1", "sender": "human", "text": "Haiku?"},
        {"sender": "assistant", "text": "Soft rain", "content": []},
    ]
    assert lines(read(claude_talk(1, said))) == [("user", "Haiku?", None), ("assistant", "Soft rain", 0)]


@pytest.mark.parametrize("said", [[{"sender": "human", "text": " "}], [{"sender": "robot", "text": "x"}], [None, 3], []])
def test_a_conversation_without_messages_stays_out(said: list[Any]) -> None:
    values = {**claude_talk(1), "chat_messages": said}
    with pytest.raises(Skipped) as skipped:
        read(values)
    assert skipped.value.reason == reasons.EMPTY
