"""What people type, as a query that PostgreSQL always understands."""

from __future__ import annotations

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from conversations.search.query import MOST_WORDS, parse_query
from conversations.search.vector import vector_of


@pytest.mark.parametrize(
    ("typed", "tsquery"),
    [
        ("red apple", "'red':* & 'apple':*"),
        ('"red apple"', "('red' <-> 'apple')"),
        ('"red app', "('red' <-> 'app':*)"),
        ("os.path", "('os' <-> 'path':*)"),
        ("red -pear", "'red':* & !'pear'"),
        ('red -"green pear"', "'red':* & !('green' <-> 'pear')"),
        ("red OR green apple", "('red':* | 'green':*) & 'apple':*"),
        ("OR red", "'or':* & 'red':*"),
        ("--verbose", "'verbose':*"),
        ("a", "'a'"),
        ("世界和平", "('世界' <-> '界和' <-> '和平')"),
        ("平", "'平':*"),
        ("Éclair", "'eclair':*"),
        ("'); DROP TABLE x; --", "'drop':* & 'table':* & 'x'"),
        ("-pear", "!'pear'"),
        ("   ", ""),
    ],
)
def test_what_is_typed_means(typed: str, tsquery: str) -> None:
    assert parse_query(typed).tsquery() == tsquery


def test_without_a_wanted_word_nothing_is_asked() -> None:
    assert not parse_query("-pear")
    assert not parse_query('" " ? &')
    assert parse_query("pear")


def test_a_long_text_is_cut() -> None:
    assert len(parse_query("word " * 1000).wanted) == MOST_WORDS
    assert len(parse_query('"' + "a b " * 200).wanted[0][0].words) == MOST_WORDS


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "typed", "found"),
    [
        ("The apples are red.", "red app", True),
        ("The apples are red.", '"red apples"', False),
        ("The apples are red.", '"apples are"', True),
        ("call os.path.join(a)", "path.join", True),
        ("call getUserById()", "user", True),
        ("call getUserById()", "getuserbyid", True),
        ("ein Éclair bitte", "eclair", True),
        ("ein eclair bitte", "ÉCLAIR", True),
        ("我们要世界和平吗", "世界和平", True),
        ("我们要世界和平吗", "界和", True),
        ("我们要世界和平吗", "平", True),
        ("我们要世界和平吗", "吗", True),
        ("我们要世界和平吗", "和世", False),
        ("नमस्ते दुनिया", "नमस्ते", True),
        ("red only", "red OR green", True),
        ("red pear", "red -pear", False),
        ("don't panic", "don't", True),
    ],
)
def test_a_text_is_found_by(text: str, typed: str, found: bool) -> None:
    assert _matches(text, parse_query(typed).tsquery()) is found


@pytest.mark.django_db
def test_any_text_is_a_valid_query_and_finds_its_own_words() -> None:
    @given(st.text(max_size=60))
    def holds(typed: str) -> None:
        query = parse_query(typed)
        for closed in (False, True):
            _matches("some words", query.tsquery(closed=closed))

    @given(st.text(alphabet=st.characters(categories=["L", "N", "Zs"]), min_size=1, max_size=30))
    def finds_itself(text: str) -> None:
        query = parse_query(f'"{text}"')
        assert not query or _matches(text, query.tsquery())

    holds()
    finds_itself()


def _matches(text: str, tsquery: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::tsvector @@ %s::tsquery", [vector_of(text), tsquery])
        return bool(cursor.fetchone()[0])
