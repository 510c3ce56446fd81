"""Blocks are cut only where CommonMark guarantees that later text changes nothing before."""

from __future__ import annotations

import re

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from conversations.rendering import markup
from conversations.rendering.blocks import LONG_LIST, LONGEST_BLOCK, MOST_CELLS, Splitter
from conversations.rendering.cleaning import clean
from conversations.rendering.elements import Surroundings
from conversations.rendering.tests.answers import answer, anything, cut, cuts, soup


def sources(text: str) -> list[str]:
    """What was cut from the text, the open rest last."""
    splitter = Splitter()
    blocks = [*splitter.push(text), splitter.open_block]
    return [block.source if block.fence is None else f"<{block.fence.mark}{block.fence.info}>{block.fence.code}" for block in blocks]


def without_colours(html: str) -> str:
    return re.sub(r'<span class="[a-z]{1,2}">|</span>', "", html)


@settings(max_examples=500, deadline=None)
@given(st.one_of(answer, soup, anything))
def test_blocks_rendered_one_by_one_equal_the_document_rendered_at_once(text: str) -> None:
    text = clean(text)
    splitter = Splitter()
    blocks = splitter.push(text)
    assume(text.strip(" \t\n") and not splitter.may_define and not any(block.as_source for block in [*blocks, splitter.open_block]))
    around = Surroundings()
    one_by_one = "".join(markup.block_html(block, around, finished=True) for block in blocks)
    one_by_one += markup.block_html(splitter.open_block, around, finished=False)
    assert without_colours(one_by_one) == without_colours(markup.document_html(text))


@settings(max_examples=300, deadline=None)
@given(st.one_of(answer, soup, anything), cuts)
def test_blocks_do_not_depend_on_the_pieces(text: str, places: list[int]) -> None:
    text = clean(text)
    splitter = Splitter()
    pieces = [block for piece in cut(text, places) for block in splitter.push(piece)]
    whole = Splitter()
    assert [block.source for block in pieces] == [block.source for block in whole.push(text)]
    assert splitter.open_block.source == whole.open_block.source


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\n\nb", ["a\n\n", "b"]),
        ("# a\nb\n# c\n", ["# a\n", "b\n", "# c\n", ""]),
        ("a\n===\nb\n", ["a\n===\nb\n"]),
        ("a\n***\nb", ["a\n", "***\n", "b"]),
        ("a\n- b\n\n- c\n\nd", ["a\n", "- b\n\n- c\n\n", "d"]),
        ("- a\n\n  b\n\n c", ["- a\n\n  b\n\n", " c"]),
        ("- a\n\n1", ["- a\n\n1"]),
        ("- a\n\n100 years", ["- a\n\n", "100 years"]),
        ("1. a\n\n   ```\n   b\n\n   c\n   ```\n\n2. d\n\ne", ["1. a\n\n   ```\n   b\n\n   c\n   ```\n\n2. d\n\n", "e"]),
        ("-\n\n  a", ["-\n\n", "  a"]),
        ("> a\nlazy\n\n> b\n", ["> a\nlazy\n\n", "> b\n"]),
        ("    a\n\n    b\nc\n", ["    a\n\n    b\n", "c\n"]),
        ("a\n```py\nb\n\n# c\n```\nd", ["a\n", "<```py>b\n\n# c\n", "d"]),
        ("```\na\n``", ["<```>a\n``"]),
        ("~~~\n```\n~~~~\n", ["<~~~>```\n", ""]),
        ("  ```\n  a\n\tb\n   c\n  ```\n", ["<```>a\n  b\n c\n", ""]),
        ("|a|b|\n|-|-|\n|1|2|\n\nc", ["|a|b|\n|-|-|\n|1|2|\n\n", "c"]),
    ],
)
def test_places_to_cut(text: str, expected: list[str]) -> None:
    assert sources(text) == expected


@pytest.mark.parametrize("text", ["- # a\nb\n  ```\nc\n\nd\n", "> # a\n    b\n  ```\nc\n\nd\n", "-\t  a\nb\n  ~~~\n\nc\n"])
def test_nothing_is_cut_where_a_fence_cannot_be_told_from_a_part_of_a_list(text: str) -> None:
    assert sources(text) == [text]


def test_an_endless_block_is_cut_by_force_at_a_line_end() -> None:
    line = "word " * 99 + "\n"
    cut_blocks = sources(line * 200)
    assert len(cut_blocks) > 2
    assert all(len(block) <= LONGEST_BLOCK and block.endswith("\n") for block in cut_blocks)
    assert "".join(cut_blocks) == line * 200


def test_an_endless_line_is_cut_anywhere() -> None:
    assert [len(block) for block in sources("x" * (2 * LONGEST_BLOCK + 1))] == [LONGEST_BLOCK, LONGEST_BLOCK, 1]


def test_a_long_list_goes_on_as_a_new_list_at_an_item() -> None:
    blocks = sources("".join(f"{number}. item\n     - more and more\n" for number in range(100, 999)))
    assert len(blocks) > 2
    assert blocks[1].startswith(f"{100 + blocks[0].count('item')}. item\n")
    assert all(re.match(r"\d+\. item\n", block) and len(block) <= LONG_LIST + 50 for block in blocks)


@pytest.mark.parametrize(
    "text", [">" * 100 + "a", "- " * 100 + "a", "> 1. " * 50 + "a", "a|" * 500 + "\n" + "-|" * 500 + "\n" + "b\n" * 50]
)
@pytest.mark.parametrize("rest", ["", "\n\nb"])
def test_what_costs_too_much_is_shown_as_source(text: str, rest: str) -> None:
    splitter = Splitter()
    blocks = [*splitter.push(text + rest), splitter.open_block]
    assert blocks[0].as_source
    assert "<pre" in markup.block_html(blocks[0], Surroundings(), finished=True)


def test_a_wide_and_a_long_table_of_honest_size_stay_tables() -> None:
    row = "|" + " cell |" * 12 + "\n"
    blocks = sources(row + "|" + "-|" * 12 + "\n" + row * 300)
    assert len(blocks) == 1
    assert MOST_CELLS > 13 * 302


def test_the_code_of_a_long_fence_stays_whole() -> None:
    code = "".join(f"line {number}\n" for number in range(20_000))
    splitter = Splitter()
    for place in range(0, len(code), 1000):
        assert not splitter.push(("```\n" if place == 0 else "") + code[place : place + 1000])
    (block,) = splitter.push("```\n")
    assert block.fence is not None
    assert block.fence.code == code


def test_a_long_line_in_a_fence_keeps_its_text() -> None:
    splitter = Splitter()
    splitter.push("```\n")
    for _ in range(700):
        splitter.push("`````")
    (block,) = splitter.push("x\n```\n")
    assert block.fence is not None
    assert block.fence.code == "`" * 3500 + "x\n"
