"""Counting tokens before a provider does."""

from __future__ import annotations

import toktok

from providers.types import Provider

_ENCODING = "o200k_base"


def count_tokens(text: str) -> int:
    """Tokens of `text` in OpenAI's o200k encoding, exactly. Text that looks like a special token counts as ordinary text."""
    return toktok.batch_count([text], _ENCODING, threads=1)[0] if text else 0


def cut_to_tokens(text: str, most: int) -> tuple[str, bool]:
    """The beginning of `text` that has at most `most` tokens, and whether something was cut off. Never splits a character."""
    kept, total = toktok.truncate(text, most, _ENCODING)
    return kept, total > most


def upper_bound(provider: Provider, texts_token_count: int, text_bytes: int, messages: int) -> int:
    """Most input tokens that `provider` can count for `messages` messages whose texts have that o200k count and UTF-8 size."""
    return max(2 * texts_token_count, text_bytes // 2) + 16 * messages + 64
