"""Words of texts in many scripts, and their tsvector."""

from __future__ import annotations

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from conversations.search.vector import vector_of
from conversations.search.words import words_of


def words(text: str) -> list[str]:
    return [word for word, _ in words_of(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Red  APPLES, pears!", ["red", "apples", "pears"]),
        ("Éclair naïve Ångström", ["eclair", "naive", "angstrom"]),
        ("e\u0301clair", ["eclair"]),
        ("Straße", ["strasse"]),
        (
            "see conversations/search/words.py at example.org/a_b",
            ["see", "conversations", "search", "words", "py", "at", "example", "org", "a", "b"],
        ),
        ("Привет, мир", ["привет", "мир"]),
        ("नमस्ते दुनिया", ["नमस्ते", "दुनिया"]),
        ("２０２６ ﬁne", ["2026", "fine"]),
        ("世界和平", ["世界", "界和", "和平", "平"]),
        ("AI模型", ["ai", "模型", "型"]),
        ("", []),
        ("--- *** ```", []),
    ],
)
def test_a_text_becomes_its_words(text: str, expected: list[str]) -> None:
    assert words(text) == expected


def test_a_compound_name_is_found_by_its_parts_and_as_a_whole() -> None:
    assert list(words_of("call getUserById now")) == [
        ("call", 1), ("getuserbyid", 2), ("get", 2), ("user", 2), ("by", 2), ("id", 2), ("now", 3),
    ]  # fmt: skip


def test_a_word_without_end_is_cut() -> None:
    assert words("x" * 5000) == ["x" * 64]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text",
    [
        " ".join(f"word{number}" for number in range(150_000)),
        "same " * 200_000,
        " ".join("界" + chr(0x4E00 + number) for number in range(20_000)) * 5,
        "a" * 1_000_000,
    ],
    ids=["many words", "one word", "pairs", "one run"],
)
def test_the_longest_texts_stay_within_the_limits_of_the_type(text: str) -> None:
    assert _lexemes(text) > 0


@pytest.mark.django_db
def test_any_text_has_a_tsvector() -> None:
    @given(st.text())
    def holds(text: str) -> None:
        assert _lexemes(text.replace("\x00", "")) == len(set(words(text.replace("\x00", ""))))

    holds()


def _lexemes(text: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT length(%s::tsvector)", [vector_of(text)])
        return int(cursor.fetchone()[0])
