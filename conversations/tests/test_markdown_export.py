"""The text of an exported conversation stays one document, whatever is in its messages."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from conversations.markdown_export import closed, file_name, message_markdown
from conversations.reading_types import ReadingMessage

NOON = datetime(2026, 11, 3, 12, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Plain words", "Plain words.md"),
        ("../../../etc/passwd", "etc passwd.md"),
        ("a\x00b\u202egpj.exe", "abgpj exe.md"),
        ("...", "conversation.md"),
        ("", "conversation.md"),
        ("日本語の題", "日本語の題.md"),
        ("x" * 300, "x" * 80 + ".md"),
    ],
)
def test_file_names_are_harmless(title: str, name: str) -> None:
    assert file_name(title, "md") == name


OPENERS = ["```", "~~~~", "`````js", "- a\n  ```", "> ```", "    ```"]
OPENERS += ["<!-- ", "<pre>", "<script>", "<?php", "<![CDATA[", "<!DOCTYPE x", "<div>"]
OTHERS = ["\n", "\n\n", " ", "`", "text", "-->", "</pre>", "- ", "> ", "\t", "1. ", "|", "[a]: b", "==="]


@pytest.mark.parametrize("opener", OPENERS)
@pytest.mark.parametrize("rest", ["", "\ncode", "\n\n## You\n\n```inner", "\n--> x", "\n```\n~~~"])
def test_a_message_never_swallows_the_next_heading(opener: str, rest: str) -> None:
    assert_headings(opener + rest)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(OPENERS + OTHERS)).map("".join))
def test_no_message_of_any_shape_swallows_the_next_heading(text: str) -> None:
    assert_headings(text)


def assert_headings(text: str) -> None:
    """Judged by another parser than the one that the export asks."""
    message = ReadingMessage("user", text, "", "", "", NOON)
    document = message_markdown(message, NOON) + message_markdown(ReadingMessage("user", "the end", "", "", "", NOON), NOON)
    tokens = MarkdownIt("commonmark").parse(document)
    top = [
        tokens[at + 1].content for at, token in enumerate(tokens) if token.type == "heading_open" and token.level == 0 and token.tag == "h2"
    ]
    assert top[0] == top[-1] == "You · 3 November 2026, 12:05"
    assert len(top) >= 2
    assert tokens[-2].content == "the end"


def test_a_text_that_is_complete_is_not_touched() -> None:
    for text in ("```js\na\n```", "a < b and `code`", "<div>\n\nx", "~~~\n```\n~~~"):
        assert closed(text) == text
