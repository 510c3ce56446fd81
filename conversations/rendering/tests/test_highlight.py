"""Colours change no character of the code and cost little."""

from __future__ import annotations

import html
import re
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conversations.rendering import highlight
from conversations.rendering.cleaning import clean
from conversations.rendering.tests.answers import anything, soup

LANGUAGES = sorted(set(highlight._LEXERS.values()))


def text_of(markup: str) -> str:
    return html.unescape(re.sub(r"<[^>]*>", "", markup))


@settings(max_examples=300, deadline=None)
@given(st.one_of(soup, anything).map(clean), st.sampled_from(LANGUAGES))
def test_the_text_stays_the_same(code: str, language: str) -> None:
    assert text_of(highlight.highlight(code, language)) == code


@pytest.mark.parametrize("language", sorted(highlight._LEXERS))
def test_every_language_has_a_lexer(language: str) -> None:
    assert text_of(highlight.highlight("x = 1\n", language)) == "x = 1\n"


def test_colours_are_class_names_we_style() -> None:
    markup = highlight.highlight('@d\ndef f(x: int):\n    # c\n    return "s" + str(1)\n', "python")
    assert set(re.findall(r'<span class="(\w+)">', markup)) == {"nd", "k", "nf", "nb", "c", "s", "m"}
    assert set(re.findall(r'<span class="(\w+)">', highlight.highlight("-a\n+b\n", "diff"))) == {"gd", "gi"}
    assert '<span class="k">return</span>' in highlight.highlight("return 1;", "php")


@pytest.mark.parametrize("code", ["x = 1\n" * 6000, "x" * 501, "a\n" * 1501, "a" + " " * 100 + "b", ""])
def test_what_nobody_writes_by_hand_stays_plain(code: str) -> None:
    assert highlight.highlight(code, "python") == code


def test_an_unknown_language_stays_plain() -> None:
    assert highlight.highlight("if x < 1:\n", "nonsense") == "if x &lt; 1:\n"


@pytest.mark.parametrize("language", sorted(highlight._SLOW_LEXERS))
def test_code_read_in_pieces_is_whole(language: str) -> None:
    code = "\n".join(f"class A{number} {{ int x = {number}; }}\n" for number in range(200))
    assert len(code) <= highlight.longest_code(language)
    assert text_of(highlight.highlight(code, language)) == code


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("pattern", ["x ", "{", "$"])
def test_hostile_code_does_not_stall_the_answer(language: str, pattern: str) -> None:
    longest = highlight.longest_code(highlight._LEXERS[language])
    line = (pattern * 500)[:490] + "\n"
    start = process_time()
    highlight.highlight(line * (longest // len(line)), language)
    assert process_time() - start < 2


@pytest.mark.parametrize("language", ["python", "java"])
def test_code_above_the_limit_is_plain_and_just_below_it_coloured(language: str) -> None:
    line = "if (x) { y = 12 }\n"
    fits = line * (highlight.longest_code(language) // len(line))
    assert "<span" in highlight.highlight(fits, language)
    assert highlight.highlight(fits + line, language) == fits + line


@pytest.mark.parametrize(
    ("info", "language"),
    [
        ("python", "python"),
        (" Python  title=x", "python"),
        ("{python}", "python"),
        ("{.js .numbers}", "js"),
        ("python:src/app.py", "python"),
        ("c++", "c++"),
        ("objective-c", "objective-c"),
        ('"><script>', ""),
        ("", ""),
        ("日本", ""),
        ("x" * 99, "x" * 32),
    ],
)
def test_the_language_is_a_harmless_name(info: str, language: str) -> None:
    assert highlight.language_of(info) == language
