"""Counts are exact for o200k, and a hold made from them is never too small."""

from __future__ import annotations

import pytest
import toktok
from hypothesis import given, settings
from hypothesis import strategies as st

from providers.tokens import count_tokens, cut_to_tokens, upper_bound
from providers.types import Provider

# Measured in November 2026: text, o200k tokens, bytes, characters, tokens of Claude (2023) and of Gemma 3.
MEASURED = [
    ("English", 1781, 7255, 7255, 1943, 1975),
    ("German", 4780, 18793, 18305, 6608, 5279),
    ("Dutch", 4794, 17680, 17482, 6773, 5609),
    ("Indonesian", 4430, 16547, 16384, 6418, 4684),
    ("Vietnamese", 3638, 14104, 10934, 7644, 3803),
    ("Russian", 5815, 33540, 19869, 10107, 6202),
    ("Greek", 6747, 29791, 17663, 17703, 7400),
    ("Arabic", 5994, 28685, 17548, 14809, 6843),
    ("Hebrew", 5590, 21892, 13673, 10813, 6719),
    ("Hindi", 2813, 17274, 7289, 7752, 2614),
    ("Malayalam", 5081, 30471, 12291, 23022, 5061),
    ("Khmer", 2184, 9606, 3591, 9188, 1904),
    ("Armenian", 4400, 19522, 11357, 18450, 6394),
    ("Thai", 2961, 17518, 7170, 10447, 2864),
    ("Amharic", 2436, 3778, 1762, 3489, 1145),
    ("Japanese", 5480, 21855, 9735, 7686, 4726),
    ("Korean", 5023, 19372, 9786, 8290, 5305),
    ("Chinese", 4122, 15074, 7373, 5106, 4159),
    ("Python", 6035, 30000, 30000, 6705, 7475),
    ("minified JavaScript", 12304, 30002, 30000, 14844, 15526),
    ("CSS", 6515, 22120, 22120, 7702, 8429),
    ("JSON", 9288, 19654, 19654, 8953, 13355),
    ("whole numbers", 7561, 16547, 16547, 6686, 16547),
    ("decimal numbers", 11999, 21599, 21599, 13306, 21599),
    ("base64", 8180, 12000, 12000, 8464, 8432),
    ("hexadecimal", 6808, 12000, 12000, 7001, 10565),
    ("rules of dashes", 100, 7800, 7800, 300, 600),
    ("rare Chinese characters", 5753, 9000, 3000, 6450, 6216),
    ("emoji", 7556, 12000, 3000, 8397, 7593),
    ("signs of dead scripts", 11385, 12000, 3000, 9522, 11673),
]
NEWER_CLAUDE = 1.35


def test_counts_are_those_of_o200k() -> None:
    assert [count_tokens(text) for text in ("", "hello world", "Grüße aus 北京 🙂", "<|endoftext|>")] == [0, 2, 6, 7]


def test_a_cut_keeps_whole_characters() -> None:
    assert cut_to_tokens("hello world", 1) == ("hello", True)
    assert cut_to_tokens("hello world", 2) == ("hello world", False)
    assert cut_to_tokens("🧠🧠", 1)[0] == ""


@pytest.mark.parametrize("row", MEASURED, ids=[row[0] for row in MEASURED])
def test_no_measured_text_counts_more_than_its_bound(row: tuple[str, int, int, int, int, int]) -> None:
    _, tokens, size, chars, claude, gemma = row
    newer_claude = min(size, claude * NEWER_CLAUDE)
    for known_chars in (chars, None):
        assert upper_bound(Provider.ANTHROPIC, tokens, size, 1, text_chars=known_chars) >= newer_claude
        assert upper_bound(Provider.GEMINI, tokens, size, 1, text_chars=known_chars) >= gemma
        assert upper_bound(Provider.LOCAL, tokens, size, 1, text_chars=known_chars) >= max(claude, gemma)
    assert upper_bound(Provider.OPENAI, tokens, size, 1) >= tokens


@settings(deadline=None)  # the first call loads the other vocabulary
@given(st.text(max_size=300))
def test_a_tokenizer_we_do_not_know_stays_below_the_bound(text: str) -> None:
    text = text.encode("utf-8", "ignore").decode()
    other = toktok.batch_count([text], "qwen3.5", threads=1)[0]
    size = len(text.encode())
    assert other <= upper_bound(Provider.OPENAI_COMPATIBLE, count_tokens(text), size, 0, text_chars=len(text))


def test_the_bound_stays_near_the_truth_where_most_people_write() -> None:
    english = ("English", 1781, 7255, 7255)
    bound = upper_bound(Provider.ANTHROPIC, english[1], english[2], 1, text_chars=english[3])
    assert bound < 2.4 * english[1]
    assert upper_bound(Provider.OPENAI, english[1], english[2], 1) < 1.35 * english[1]


def test_more_messages_never_cost_less() -> None:
    for provider in Provider:
        assert upper_bound(provider, 10, 40, 5) > upper_bound(provider, 10, 40, 1) > 0
