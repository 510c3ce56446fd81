"""ChatGPT's conversations: what people saw, on every branch, in questions and answers."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from conversations.archives import chatgpt, reasons
from conversations.archives.parsed import ParsedConversation
from conversations.archives.reasons import Skipped
from conversations.archives.tests.builders import T0, ChatGPT, chatgpt_talk

HIDDEN = {"is_visually_hidden_from_conversation": True}


def read(values: dict[str, Any]) -> ParsedConversation:
    return chatgpt.read(values, json.dumps(values).encode())


def lines(found: ParsedConversation) -> list[tuple[str, str, int | None]]:
    return [(message.role, message.text, message.parent) for message in found.messages]


def test_a_plain_talk_comes_whole() -> None:
    found = read(chatgpt_talk(7))
    assert lines(found) == [
        ("user", "Question 0 of 7?", None),
        ("assistant", "Answer **0** of 7.", 0),
        ("user", "Question 1 of 7?", 1),
        ("assistant", "Answer **1** of 7.", 2),
    ]
    assert (found.key, found.title, found.shown) == ("chatgpt:c-7", "Talk 7", 3)
    assert found.messages[0].created_at == datetime.fromtimestamp(T0 + 2, UTC)
    assert found.last_activity_at == datetime.fromtimestamp(T0 + 900, UTC)
    assert [message.model for message in found.messages] == ["", "gpt-4o", "", "gpt-4o"]
    assert not found.left_out


def test_edited_questions_and_other_answers_are_siblings_in_their_order() -> None:
    talk = ChatGPT()
    first = talk.say("user", "One?")
    one = talk.say("assistant", "1", under=first)
    two = talk.say("assistant", "2", under=first)
    talk.say("user", "More?", under=one)
    edited = talk.say("user", "One, edited?", under="root")
    talk.say("assistant", "3", under=edited)
    found = read(talk.done(current=two))
    assert lines(found) == [
        ("user", "One?", None),
        ("assistant", "1", 0),
        ("user", "More?", 1),
        ("assistant", "2", 0),
        ("user", "One, edited?", None),
        ("assistant", "3", 4),
    ]
    assert found.shown == 3


def test_the_steps_of_an_answer_become_one_answer() -> None:
    talk = ChatGPT()
    talk.say("user", "Count")
    talk.add("assistant", {"content_type": "thoughts", "thoughts": [{"summary": "Plan", "content": "Use Python."}]})
    talk.add("assistant", {"content_type": "code", "language": "unknown", "text": "print(1)\n"}, recipient="python")
    talk.add("tool", {"content_type": "execution_output", "text": "1"}, name="python")
    talk.add("assistant", {"content_type": "reasoning_recap", "content": "Thought for 8s"})
    talk.say("assistant", "It is one.", metadata={"model_slug": "o3"})
    (_, answer) = read(talk.done()).messages
    assert answer.text == "```python\nprint(1)\n```\n\n```text\n1\n```\n\nIt is one."
    assert answer.reasoning == "**Plan**\n\nUse Python."
    assert (answer.model, answer.created_at) == ("o3", datetime.fromtimestamp(T0 + 2, UTC))


def test_an_answer_that_forks_in_its_middle_is_whole_on_both_branches() -> None:
    talk = ChatGPT()
    question = talk.say("user", "Count")
    code = talk.add("assistant", {"content_type": "code", "language": "python", "text": "x"}, recipient="python", under=question)
    talk.say("assistant", "First.", under=code)
    talk.say("user", "And?")
    talk.say("assistant", "Second.", under=code)
    assert lines(read(talk.done())) == [
        ("user", "Count", None),
        ("assistant", "```python\nx\n```\n\nFirst.", 0),
        ("user", "And?", 1),
        ("assistant", "```python\nx\n```\n\nSecond.", 0),
    ]


def test_code_cannot_break_out_of_its_fence() -> None:
    talk = ChatGPT()
    talk.say("user", "?")
    talk.add("assistant", {"content_type": "code", "language": "markdown", "text": "```\n# not a heading\n```"}, recipient="python")
    assert read(talk.done()).messages[1].text == "````markdown\n```\n# not a heading\n```\n````"


def test_what_was_hidden_stays_hidden_and_what_hangs_on_it_moves_up() -> None:
    talk = ChatGPT()
    talk.say("user", "Seen?")
    talk.say("user", "secret", metadata=HIDDEN)
    talk.say("assistant", "Yes.")
    talk.say("system", "also secret", metadata=HIDDEN)
    found = read(talk.done())
    assert lines(found) == [("user", "Seen?", None), ("assistant", "Yes.", 0)]
    assert (found.shown, found.system_prompt) == (1, "")


@pytest.mark.parametrize("source", ["content", "metadata"])
def test_custom_instructions_become_the_system_prompt(source: str) -> None:
    content = {"content_type": "user_editable_context", "user_profile": "I am a baker.", "user_instructions": "Be brief."}
    words = {"about_user_message": "I am a baker.", "about_model_message": "Be brief."}
    talk = ChatGPT()
    metadata = {"is_user_system_message": True, **HIDDEN, **({"user_context_message_data": words} if source == "metadata" else {})}
    talk.add("user", content, metadata=metadata)
    talk.say("user", "Hello")
    found = read(talk.done())
    assert found.system_prompt == "I am a baker.\n\nBe brief."
    assert lines(found) == [("user", "Hello", None)]


def test_pictures_files_and_recordings_leave_a_line_or_a_count() -> None:
    talk = ChatGPT()
    pointer = {"content_type": "image_asset_pointer", "asset_pointer": "file-service://file-Abc", "size_bytes": 5}
    attachments = [{"id": "file-Abc", "name": "cat.png"}, {"id": "file-Xyz", "name": "data.csv"}]
    talk.add("user", {"content_type": "multimodal_text", "parts": [pointer, "What is it?"]}, metadata={"attachments": attachments})
    made = {"content_type": "image_asset_pointer", "asset_pointer": "sediment://file_1", "metadata": {"dalle": {"prompt": "a dog"}}}
    talk.say("assistant", '{"prompt": "a dog"}', recipient="dalle.text2im")
    talk.add("tool", {"content_type": "multimodal_text", "parts": [made]}, name="dalle.text2im")
    voice = [{"content_type": "audio_transcription", "text": "Thanks!"}, {"content_type": "audio_asset_pointer"}]
    talk.add("user", {"content_type": "multimodal_text", "parts": voice})
    found = read(talk.done())
    assert [message.text for message in found.messages] == [
        "[file: data.csv]\n\n[image: cat.png]\n\nWhat is it?",
        "[image: a dog]",
        "Thanks!",
    ]
    assert found.left_out == {reasons.IMAGES: 2, reasons.FILES: 1, reasons.RECORDINGS: 1, reasons.TOOL_CALLS: 1}


def test_pages_that_were_read_stay_out_and_are_counted() -> None:
    talk = ChatGPT()
    talk.say("user", "News?")
    talk.add("assistant", {"content_type": "code", "language": "unknown", "text": 'search("news")'}, recipient="web.search")
    talk.add("tool", {"content_type": "sonic_webpage", "url": "https://e.com", "text": "Everything"}, name="web.search")
    talk.add("tool", {"content_type": "tether_browsing_display", "result": "x"}, name="browser")
    talk.say("assistant", 'None\ue200cite\ue202turn0search1\ue201 in \ue200entity\ue202["city","Lisbon","a city"]\ue201.【4:0†source】')
    found = read(talk.done())
    assert found.messages[1].text == "None in Lisbon."
    assert found.left_out == {reasons.TOOL_CALLS: 1, reasons.TOOL_RESULTS: 2}


def test_a_canvas_document_is_part_of_the_answer() -> None:
    talk = ChatGPT()
    talk.say("user", "Write")
    document = {"name": "Poem", "type": "document", "content": "Roses."}
    talk.add("assistant", {"content_type": "code", "text": orjson.dumps(document).decode()}, recipient="canmore.create_textdoc")
    program = {"name": "prog", "type": "code/python", "content": "pass"}
    talk.add("assistant", {"content_type": "text", "parts": [orjson.dumps(program).decode()]}, recipient="canmore.create_textdoc")
    assert read(talk.done()).messages[1].text == "**Poem**\n\nRoses.\n\n**prog**\n\n```python\npass\n```"


def test_odd_shapes_cost_nothing_but_themselves() -> None:
    talk = ChatGPT(title=None, create_time=None, update_time="soon", is_starred=True, is_archived=True)
    talk.say("user", "a\x00b \ud83d\ude00 \ud800")
    talk.mapping["loose"] = None
    talk.mapping["lost"] = {"parent": "loop", "children": ["loop"], "message": None}
    talk.mapping["loop"] = {"parent": "lost", "children": ["lost", 5], "message": {"author": "x", "content": [], "metadata": 3}}
    talk.mapping["n1"]["message"]["create_time"] = float("nan")
    found = read(talk.done(current="nowhere"))
    assert lines(found) == [("user", "ab 😀 \ufffd", None)]
    assert found.left_out == {reasons.LOOPS: 2}
    assert found.pinned_at == found.archived_at == found.last_activity_at
    assert found.shown == 0


@pytest.mark.parametrize("mapping", [{}, {"a": None}, {"a": {"message": {"author": {"role": "user"}, "content": None}}}])
def test_a_conversation_without_messages_stays_out(mapping: dict[str, Any]) -> None:
    with pytest.raises(Skipped) as skipped:
        read({"title": "Empty", "mapping": mapping})
    assert (skipped.value.reason, skipped.value.title) == (reasons.EMPTY, "Empty")


def test_a_chain_of_fifty_thousand_steps_is_no_stack_overflow() -> None:
    talk = ChatGPT()
    talk.say("user", "Go")
    for _ in range(49_990):
        talk.add("tool", {"content_type": "execution_output", "text": "x"})
    assert len(read(talk.done()).messages) == 2
