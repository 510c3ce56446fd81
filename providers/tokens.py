"""Counting tokens before a provider does."""

from __future__ import annotations

import re
from functools import cache
from threading import Lock

import toktok

from providers.types import Provider

_ENCODING, _OLDER_ENCODING = "o200k_base", "cl100k_base"
_PER_MESSAGE = 16
_PER_REQUEST = 64
# OpenAI's models before GPT-4o read cl100k or older: up to five times as many tokens where a script is not Latin.
_OLDER_OPENAI = re.compile(r"(ft:)?(gpt-3|gpt-4(?![.o])|babbage|davinci|text-|code-)")
# Those of them that read cl100k itself.
_CL100K = re.compile(r"(ft:)?(gpt-3\.5|gpt-4(?![.o])|babbage-002|davinci-002)")
_loading = Lock()


def count_tokens(text: str) -> int:
    """Tokens of `text` in OpenAI's o200k encoding, exactly. Text that looks like a special token counts as ordinary text.

    The first count of a process loads the vocabulary: 0.2 s and 63 MB, so processes that never count never have it. After that
    the time is linear in the text, whatever it is (`docs/token-counting.md`).
    """
    return _count(text, _ENCODING)


def count_tokens_for(provider: Provider, model_id: str, text: str) -> int:
    """Tokens of `text` as this model counts them: exactly for OpenAI's, those that read cl100k too; for all others in o200k.

    For texts at hand. Of messages the o200k count alone is kept, so a branch is bounded from that (`upper_bound`). The first count for
    such a model loads a second vocabulary: 0.3 s and 49 MB.
    """
    older = provider is Provider.OPENAI and _CL100K.match(model_id)
    return _count(text, _OLDER_ENCODING if older else _ENCODING)


def cut_to_tokens(text: str, most: int) -> tuple[str, bool]:
    """The beginning of `text` that has at most `most` tokens, and whether something was cut off. Never splits a character."""
    _load(_ENCODING)
    kept, total = toktok.truncate(text, most, _ENCODING)
    return kept, total > most


def upper_bound(
    provider: Provider, texts_token_count: int, text_bytes: int, messages: int, *, text_chars: int | None = None, model_id: str = ""
) -> int:
    """Most input tokens that `provider` can count for `messages` messages (the system prompt counts as one) of text.

    Given are the o200k count of the texts, their size in UTF-8 and, for a tighter bound, their length in characters
    (PostgreSQL: `octet_length`, `char_length`). For holds and for what fits a window; a bill comes from the provider's usage alone.

    Why it holds. No tokenizer in use needs more tokens than bytes, so the bytes are a bound by themselves. Below that, measured in
    November 2026 on 124 texts (the 96 languages of Django's translations, code, numbers, random bytes as text, emoji; the tightest
    rows are in `tests/test_tokens.py`), in tokens for each token of o200k:

    | tokenizer | English, code | other Latin | other scripts | numbers, rules of dashes |
    | --- | --- | --- | --- | --- |
    | Claude (2023, the last one published) | 1.1-1.2 | 1.2-2.1 | 1.2-4.5, up to a token a byte | 0.9-3 |
    | Gemma 3 (stands for Gemini) | 1.1-1.3 | 1.0-1.2 | 0.5-1.5 | 2.2-6 |

    Anthropic says that its newer tokenizers make up to 1.35 times as many tokens. Hence:
    * OpenAI: 1.25 times the count, in case a successor of o200k differs. Its models from before GPT-4o read another
      encoding: they are bounded like servers whose tokenizer we do not know.
    * Anthropic: twice the count, plus a token for every byte beyond ASCII, plus one in 16 bytes (long runs of one sign).
    * Gemini: three times the count (it counts digits singly, o200k by three), plus one in 16 bytes.
    * Servers whose tokenizer we do not know: both of these together.
    Without `text_chars` all bytes are taken to be beyond ASCII. Each message and the request get a little for their frame.
    """
    # A character of two bytes has one byte more than characters, of three two, of four three: at most twice the difference is beyond ASCII.
    beyond_ascii = text_bytes if text_chars is None else min(text_bytes, 2 * (text_bytes - text_chars))
    runs = text_bytes // 16
    if provider is Provider.SCRIPTED:
        estimate = texts_token_count
    elif provider is Provider.OPENAI and not _OLDER_OPENAI.match(model_id):
        estimate = texts_token_count * 5 // 4
    elif provider is Provider.ANTHROPIC:
        estimate = 2 * texts_token_count + beyond_ascii + runs
    elif provider is Provider.GEMINI:
        estimate = 3 * texts_token_count + runs
    else:
        estimate = 3 * texts_token_count + beyond_ascii + runs
    return min(text_bytes, estimate) + _PER_MESSAGE * messages + _PER_REQUEST


def _count(text: str, encoding: str) -> int:
    if not text:
        return 0
    _load(encoding)
    count: int = toktok.batch_count([text], encoding, threads=1)[0]
    return count


def _load(encoding: str) -> None:
    """Once: threads that count for the first time at the same moment would each load a vocabulary of their own."""
    with _loading:
        _load_once(encoding)


@cache
def _load_once(encoding: str) -> None:
    toktok.batch_count(["once"], encoding, threads=1)
