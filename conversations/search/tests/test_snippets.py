"""Fragments around what was found: marked, escaped, cut between words."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.search.query import parse_query
from conversations.search.snippets import LENGTH, marked, matching_phrases, snippet

FILLER = "lorem ipsum dolor sit amet consectetur adipiscing elit sed do eiusmod " * 40


@pytest.mark.parametrize(
    ("text", "typed", "html"),
    [
        ("Red apples", "apple", "Red <mark>apple</mark>s"),
        ("Straße und Strasse", "strasse", "<mark>Straße</mark> und <mark>Strasse</mark>"),
        ("Un Éclair", "eclair", "Un <mark>Éclair</mark>"),
        ("pineapple", "apple", "pineapple"),
        ("getUserById", "user", "get<mark>User</mark>ById"),
        ("os.path.join", "path.join", "os.<mark>path.join</mark>"),
        ("要世界和平吗", "世界和平", "要<mark>世界和平</mark>吗"),
        ("red, green", '"red green"', "<mark>red, green</mark>"),
        ("art article", '"art"', "<mark>art</mark> article"),
        ("a <b>bold</b> & apple", "apple", "a &lt;b&gt;bold&lt;/b&gt; &amp; <mark>apple</mark>"),
        ("<mark>apple</mark>", "apple", "&lt;mark&gt;<mark>apple</mark>&lt;/mark&gt;"),
    ],
)
def test_hits_are_marked_and_all_else_is_text(text: str, typed: str, html: str) -> None:
    assert marked(text, parse_query(typed)) == html


def test_a_fragment_stands_around_the_hit_and_is_cut_between_words() -> None:
    text = f"{FILLER}the needle is here {FILLER}"
    fragment = snippet(text, parse_query("needle"))
    assert "<mark>needle</mark>" in fragment
    assert len(fragment) < LENGTH + 40
    assert set(re.sub("</?mark>", "", fragment).split()) <= set(text.split())


def test_words_far_from_each_other_get_a_fragment_each() -> None:
    fragment = snippet(f"{FILLER} needle {FILLER} thread {FILLER}", parse_query("thread needle"))
    assert fragment.index("<mark>needle</mark>") < fragment.index(" … ") < fragment.index("<mark>thread</mark>")


def test_the_place_with_the_most_of_the_words_is_shown() -> None:
    fragment = snippet(f"needle {FILLER} the needle and the thread {FILLER}", parse_query("needle thread"))
    assert "the <mark>needle</mark> and the <mark>thread</mark>" in fragment


def test_markdown_is_shown_as_text() -> None:
    assert snippet("## A **needle**\n\n- in `code`", parse_query("needle code")) == "A <mark>needle</mark> in <mark>code</mark>"


def test_without_a_hit_the_beginning_is_shown() -> None:
    assert snippet(FILLER, parse_query("absent")).startswith("lorem ipsum")


def test_which_words_a_text_has() -> None:
    assert matching_phrases("red and green", parse_query("green OR blue OR red")) == {0, 2}


@given(st.text(), st.text(max_size=40))
def test_nothing_of_a_text_becomes_markup(text: str, typed: str) -> None:
    rest = snippet(text, parse_query(typed)).replace("<mark>", "").replace("</mark>", "")
    assert "<" not in rest
    assert ">" not in rest
