"""`elements`: any JSON in any chunks gives the elements that a parser would, and never holds more than one."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Iterator
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conversations.archives import reasons
from conversations.archives.elements import NotJson, TextBroken, elements
from conversations.archives.limits import Limits

VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**40), 2**40) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=12,
)
OBJECTS = st.dictionaries(st.text(max_size=6), VALUES, max_size=4)


def chunked(text: bytes, size: int) -> Iterator[bytes]:
    return (text[start : start + size] for start in range(0, len(text), size))


def found(text: bytes, size: int = 7, limits: Limits | None = None) -> list[Any]:
    return [orjson.loads(element.data) for element in elements(chunked(text, size), limits=limits or Limits()) if not element.problem]


@given(st.lists(OBJECTS, max_size=6), st.integers(1, 9), st.booleans(), st.sampled_from([None, 1]))
def test_the_elements_are_those_of_a_parser_wherever_the_text_is_cut(rows: list[Any], size: int, plain: bool, indent: int | None) -> None:
    text = json.dumps(rows, ensure_ascii=plain, indent=indent).encode()
    assert found(text, size) == rows


@given(st.lists(OBJECTS, min_size=1, max_size=4), OBJECTS, st.integers(1, 9))
def test_they_may_stand_below_the_key_conversations(rows: list[Any], before: dict[str, Any], size: int) -> None:
    before.pop("conversations", None)
    assert found(json.dumps({**before, "conversations": rows, "after": [1, {}]}).encode(), size) == rows


@given(st.lists(OBJECTS, min_size=1, max_size=4), st.integers(1, 9))
def test_objects_may_follow_one_another_line_by_line(rows: list[Any], size: int) -> None:
    rows = [{**row, "conversations": None} for row in rows]
    assert found("\n".join(map(json.dumps, rows)).encode(), size) == rows


def test_a_key_of_that_name_further_inside_means_nothing() -> None:
    row = {"a": {"conversations": [1, 2]}, "b": '"conversations": ['}
    assert found(json.dumps(row).encode()) == [row]


def test_what_is_no_object_is_counted_and_named() -> None:
    given = list(elements(chunked(b'[1, "two]", null, {"a": 1}, [3], tru]', 3)))
    assert [element.problem for element in given] == [reasons.UNKNOWN, reasons.UNKNOWN, reasons.UNKNOWN, "", "", reasons.UNKNOWN]


@pytest.mark.parametrize("text", [b"", b"  ", b"hello", b'"text"', b"12", b"<html>"])
def test_other_texts_are_no_json_to_look_at(text: bytes) -> None:
    with pytest.raises(NotJson):
        list(elements(iter([text])))


@pytest.mark.parametrize(
    ("text", "whole", "offset"),
    [
        (b'[{"a":1},{"b":', 1, 14),
        (b'[{"a":1},{"b":"c', 1, 16),
        (b'[{"a":1}', 1, 8),
        (b'[{"a":1}}', 1, 8),
        (b'{"a":1}{"b":1}]', 2, 14),
        (b"[", 0, 1),
    ],
)
def test_where_the_text_breaks_off_is_said_and_what_came_before_is_kept(text: bytes, whole: int, offset: int) -> None:
    given: list[bytes] = []

    def read() -> None:
        for element in elements(chunked(text, 4)):
            given.append(element.data)

    with pytest.raises(TextBroken) as broken:
        read()
    assert given == [b'{"a":1}', b'{"b":1}'][:whole]
    assert (broken.value.count, broken.value.offset) == (whole, offset)


def test_broken_json_within_balanced_brackets_costs_one_element() -> None:
    given = [element.data for element in elements(iter([b'[{"a":1},{"b":,,nonsense},{"c":1}]']))]
    assert given == [b'{"a":1}', b'{"b":,,nonsense}', b'{"c":1}']


def test_too_large_and_too_deep_elements_are_dropped_and_the_next_ones_come() -> None:
    text = b'[{"a":"' + b"x" * 2000 + b'"},' + b"[" * 40 + b"]" * 40 + b',{"c":1}]'
    given = list(elements(chunked(text, 100), limits=Limits(conversation=1000, depth=30)))
    assert [(element.data, element.problem) for element in given] == [
        (b"", reasons.TOO_LARGE),
        (b"", reasons.TOO_DEEP),
        (b'{"c":1}', ""),
    ]


@pytest.mark.parametrize(
    "text", [b'[{"a":"' + b"x" * 8_000_000 + b'"}]', b"[" + b"[" * 3_000_000, b'["' + b'\\"' * 4_000_000, b'"' * 8_000_000]
)
def test_memory_stays_that_of_one_allowed_element(text: bytes) -> None:
    tracemalloc.start()
    try:
        try:
            for element in elements(chunked(text, 131_072), limits=Limits(conversation=200_000)):
                assert not element.data
        except (TextBroken, NotJson):
            pass
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 4_000_000


def test_only_the_wanted_ones_are_kept() -> None:
    given = list(elements(iter([b"[{},{},{},{}]"]), kept=range(1, 3)))
    assert [element.data for element in given] == [b"", b"{}", b"{}", b""]


@settings(max_examples=300)
@given(st.binary(max_size=60), st.integers(1, 5))
def test_rubbish_ends_in_one_of_the_two_errors_or_in_elements(rubbish: bytes, size: int) -> None:
    try:
        for element in elements(chunked(b"[" + rubbish, size)):
            assert isinstance(element.data, bytes)
    except TextBroken:
        pass
