"""Every failure has a sentence for people, and the tree in the module's docstring is the tree in the code."""

from __future__ import annotations

import re

import pytest

from core.exceptions import DomainError
from providers import exceptions
from providers.exceptions import ProviderError


def family(root: type[ProviderError]) -> list[type[ProviderError]]:
    return [root, *(member for child in root.__subclasses__() for member in family(child))]


def test_the_tree_that_is_drawn_is_the_tree_that_is() -> None:
    drawn = re.findall(r"^    [│├└─ ]*(\w+)", exceptions.__doc__ or "", re.MULTILINE)
    assert drawn == [member.__name__ for member in family(ProviderError)]


@pytest.mark.parametrize("kind", family(ProviderError))
def test_a_sentence_says_what_happened_and_what_to_do(kind: type[ProviderError]) -> None:
    error = kind("OpenAI", detail="x" * 2000, retry_after=3)
    assert isinstance(error, DomainError)
    assert "{" not in error.message
    assert len(error.message.split()) > 8
    assert error.message.endswith(".")
    assert len(error.detail) == 500
    assert error.retry_after == 3
    assert error.http_status in (502, 503, 504)


def test_codes_are_distinct() -> None:
    codes = [kind.code for kind in family(ProviderError)]
    assert len(codes) == len(set(codes))


def test_the_detail_is_for_logs_only() -> None:
    error = exceptions.ServerError("OpenAI", detail="stack trace")
    assert "stack trace" in str(error)
    assert "stack trace" not in error.message
    assert str(exceptions.ServerError("OpenAI")) == exceptions.ServerError("OpenAI").message
