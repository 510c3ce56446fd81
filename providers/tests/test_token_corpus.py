"""Forty kinds of text: what we count is what others count, and no hold made from it is too small."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest

from bench.kit.token_errors import NEWER_CLAUDE, OPEN_MODELS, bound
from bench.kit.token_texts import recorded, texts, unbroken
from providers.tokens import count_tokens, count_tokens_for
from providers.types import Provider

TEXTS, TRUTH = texts(), recorded()
LEAST = 0.98


def test_every_kind_counts_as_in_another_implementation() -> None:
    assert {kind: count_tokens(text) for kind, text in TEXTS.items()} == {kind: truth["o200k"] for kind, truth in TRUTH.items()}


@pytest.mark.parametrize("model", ["gpt-4", "gpt-4-turbo", "gpt-3.5-turbo", "ft:gpt-3.5-turbo:ours::1", "davinci-002"])
def test_texts_for_a_model_that_reads_cl100k_are_counted_exactly_too(model: str) -> None:
    assert {kind: count_tokens_for(Provider.OPENAI, model, text) for kind, text in TEXTS.items()} == {
        kind: truth["cl100k"] for kind, truth in TRUTH.items()
    }


@pytest.mark.parametrize(("provider", "model"), [(Provider.OPENAI, "gpt-4o"), (Provider.OPENAI, "gpt-4.1"), (Provider.LOCAL, "gpt-4")])
def test_and_for_all_others_in_o200k(provider: Provider, model: str) -> None:
    assert count_tokens_for(provider, model, TEXTS["Tamil"]) == TRUTH["Tamil"]["o200k"]


@pytest.mark.parametrize("model", ["gpt-5.4-mini", "gpt-4o", "gpt-4.1", "o3", "ft:gpt-4o-mini:ours::1", ""])
def test_a_hold_for_openai_is_never_below_the_truth(model: str) -> None:
    assert {kind for kind, text in TEXTS.items() if bound(Provider.OPENAI, text, model) < LEAST * TRUTH[kind]["o200k"]} == set()


@pytest.mark.parametrize("model", ["gpt-4", "gpt-4-turbo", "gpt-4-0613", "gpt-3.5-turbo", "ft:gpt-3.5-turbo:ours::1"])
def test_nor_for_openai_models_that_read_an_older_encoding(model: str) -> None:
    assert TRUTH["Tamil"]["cl100k"] > 4 * TRUTH["Tamil"]["o200k"], "why they are bounded in another way"
    assert {kind for kind, text in TEXTS.items() if bound(Provider.OPENAI, text, model) < LEAST * TRUTH[kind]["cl100k"]} == set()


@pytest.mark.parametrize("provider", [Provider.ANTHROPIC, Provider.OPENAI_COMPATIBLE, Provider.LOCAL])
def test_nor_for_claude_as_far_as_its_tokenizer_is_known(provider: Provider) -> None:
    newer = {kind: min(len(text.encode()), TRUTH[kind]["claude_2023"] * NEWER_CLAUDE) for kind, text in TEXTS.items()}
    assert {kind for kind, text in TEXTS.items() if bound(provider, text) < LEAST * newer[kind]} == set()


def test_nor_for_gemini_as_far_as_gemma_counts_like_it() -> None:
    assert {kind for kind, text in TEXTS.items() if bound(Provider.GEMINI, text) < LEAST * TRUTH[kind]["gemma_3"]} == set()


@pytest.mark.parametrize("model", OPEN_MODELS)
@pytest.mark.parametrize("provider", [Provider.OPENAI_COMPATIBLE, Provider.LOCAL])
def test_nor_for_open_models_whichever_a_server_runs(provider: Provider, model: str) -> None:
    assert {kind for kind, text in TEXTS.items() if bound(provider, text) < LEAST * TRUTH[kind][model]} == set()


def test_a_megabyte_without_a_break_does_not_hold_anybody_up() -> None:
    began = time.monotonic()
    for text in unbroken(1_000_000).values():
        assert count_tokens(text) > 0
    assert time.monotonic() - began < 20, "half a second on an idle machine; what is quadratic takes hours"


def test_a_process_that_does_not_count_does_not_load_the_vocabulary() -> None:
    look = (
        "import providers.tokens, toktok; assert not toktok._CACHE; providers.tokens.count_tokens('x');"
        "assert [name for name, _ in toktok._CACHE] == ['o200k_base']"
    )
    subprocess.run([sys.executable, "-c", look], check=True, timeout=120)
