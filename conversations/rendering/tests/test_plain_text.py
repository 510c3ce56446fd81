"""Titles and snippets show words, not marks."""

from __future__ import annotations

from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.rendering import plain_text
from conversations.rendering.tests.answers import texts


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("# A **bold** title", "A bold title"),
        ("1. [link](https://a.example) and ![image](b.png)\n2. `code`", "link and image code"),
        ("> - [x] done\n> - [ ] *open*", "done open"),
        ("```python\nx = snake_case\n```\n", "x = snake_case"),
        ("Title\n=====\n\n| a | b |\n|---|---|\n| 1 | 2 |", "Title a b 1 2"),
        ("_em_ __strong__ ~~gone~~ 2 \\* 3 ", "em strong gone 2 * 3"),
        ("a\u202eb\x00c", "ab\ufffdc"),
        ("", ""),
    ],
)
def test_marks_are_gone(text: str, words: str) -> None:
    assert plain_text(text) == words


@given(st.one_of(texts, st.text()))
def test_any_text_becomes_one_line(text: str) -> None:
    assert "\n" not in plain_text(text)


@pytest.mark.parametrize("pattern", ["[", "*", "_", "`", "- ", "> ", "[a](", "![", "|", "\\", "~", " ", "1. ", "```", "a_", "[a]["])
def test_long_hostile_text_takes_linear_time(pattern: str) -> None:
    start = perf_counter()
    plain_text(pattern * (300_000 // len(pattern)))
    assert perf_counter() - start < 2
