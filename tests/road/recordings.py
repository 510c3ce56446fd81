"""Recorded streams with what their provider reports, and what that costs, worked out by hand from `house.PRICES`.

USD per million tokens: input 3, cache read 0.31, cache write 3.75 (5 minutes) and 6.125 (1 hour), output 15.5; above 200,000 input
tokens 7, 0.7, 8.5, 12.75 and 23.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from providers.tests import fake_speech
from providers.types import Provider
from usage.types import TokenBuckets

QUESTION = "Count to five."  # 4 tokens of o200k
WORDS = ("One ", "two ", "three")  # 3 tokens of o200k together
THOUGHTS = ("Let me ", "think. ")  # 5 tokens together with the space after them


@dataclass(frozen=True)
class Recording:
    """A stream, its ending, and the ledger row that has to come of it."""

    name: str
    provider: Provider
    events: Sequence[bytes]
    buckets: TokenBuckets
    cost: Decimal
    ending: Literal["complete", "cut"] = "complete"
    state: str = "completed"
    confidence: str = "reported"


# What is written where a report cannot be used: all counted by us. 4*3 + 3*15.5
_COUNTED = (TokenBuckets(4, 0, 0, 0, 3), Decimal("0.0000585"))

# --- Anthropic: input without the cached tokens, running counts, output with thinking ------------------------------------


def _anthropic(start: dict[str, Any], end: dict[str, Any], **more: Any) -> list[bytes]:
    return fake_speech.anthropic(WORDS, start=start, end=end, **more)


_CACHES = {
    "input_tokens": 21,
    "cache_read_input_tokens": 40_000,
    "cache_creation_input_tokens": 1_500,
    "cache_creation": {"ephemeral_5m_input_tokens": 1_000, "ephemeral_1h_input_tokens": 500},
    "output_tokens": 1,
}
_THINKING = {"output_tokens": 503, "output_tokens_details": {"thinking_tokens": 120}}
_ANTHROPIC = [
    Recording(
        "caches and thinking",
        Provider.ANTHROPIC,
        _anthropic(_CACHES, _THINKING, thinking=THOUGHTS),
        TokenBuckets(21, 40_000, 1_000, 500, 503, 120),
        # 21*3 + 40000*0.31 + 1000*3.75 + 500*6.125 + 503*15.5 = 63 + 12400 + 3750 + 3062.5 + 7796.5 = 27072
        Decimal("0.027072"),
    ),
    Recording(
        "a long context with a cache read",
        Provider.ANTHROPIC,
        _anthropic({"input_tokens": 150_000, "cache_read_input_tokens": 60_000, "output_tokens": 1}, {"output_tokens": 10}),
        TokenBuckets(150_000, 60_000, 0, 0, 10),
        Decimal("1.09223"),  # 150000*7 + 60000*0.7 + 10*23 = 1050000 + 42000 + 230
    ),
    Recording(
        "exactly as long as the short prices hold",
        Provider.ANTHROPIC,
        _anthropic({"input_tokens": 200_000, "output_tokens": 1}, {"output_tokens": 1}),
        TokenBuckets(200_000, 0, 0, 0, 1),
        Decimal("0.6000155"),  # 200000*3 + 15.5
    ),
    Recording(
        "usage only at the end",
        Provider.ANTHROPIC,
        _anthropic({"input_tokens": 0, "output_tokens": 0}, {"input_tokens": 12, "cache_read_input_tokens": 7, "output_tokens": 9}),
        TokenBuckets(12, 7, 0, 0, 9),
        Decimal("0.00017767"),  # 12*3 + 7*0.31 + 9*15.5 = 36 + 2.17 + 139.5
    ),
    Recording(
        "the final usage is missing",
        Provider.ANTHROPIC,
        [event.replace(b'"usage": {"output_tokens": 7}', b'"x": 0') for event in _anthropic({"input_tokens": 30, "output_tokens": 1}, {})],
        TokenBuckets(30, 0, 0, 0, 3),
        Decimal("0.0001365"),  # 30*3 + 3*15.5: the input as reported, the output as counted
        confidence="estimated",
    ),
    Recording(
        "a final usage of zeros",
        Provider.ANTHROPIC,
        _anthropic({"input_tokens": 0, "output_tokens": 0}, {"output_tokens": 0}),
        *_COUNTED,
        confidence="estimated",
    ),
    Recording(
        "aborted",
        Provider.ANTHROPIC,
        _anthropic({"input_tokens": 30, "cache_read_input_tokens": 1_000, "output_tokens": 1}, {})[:-3],
        TokenBuckets(30, 1_000, 0, 0, 3),
        Decimal("0.0004465"),  # 30*3 + 1000*0.31 + 3*15.5
        ending="cut",
        state="failed",
        confidence="estimated",
    ),
]

# --- OpenAI Responses: input with the cached and the written tokens, once at the end --------------------------------------

_RESPONSES_USAGE = {
    "input_tokens": 5_000,
    "input_tokens_details": {"cached_tokens": 4_000, "cache_write_tokens": 600},
    "output_tokens": 700,
    "output_tokens_details": {"reasoning_tokens": 300},
    "total_tokens": 5_700,
}
# 400*3 + 4000*0.31 + 600*3.75 + 700*15.5 = 1200 + 1240 + 2250 + 10850 = 15540
_RESPONSES_BUCKETS, _RESPONSES_COST = TokenBuckets(400, 4_000, 600, 0, 700, 300), Decimal("0.01554")
_FAILED = {"type": "response.failed", "status": "failed", "error": {"code": "server_error", "message": "no"}}
_OPENAI = [
    Recording(
        "caches and reasoning",
        Provider.OPENAI,
        fake_speech.responses(WORDS, reasoning=THOUGHTS, usage=_RESPONSES_USAGE),
        _RESPONSES_BUCKETS,
        _RESPONSES_COST,
    ),
    Recording(
        "an answer of the longest length",
        Provider.OPENAI,
        fake_speech.responses(
            WORDS, usage=_RESPONSES_USAGE, last={"type": "response.incomplete", "incomplete_details": {"reason": "max_output_tokens"}}
        ),
        _RESPONSES_BUCKETS,
        _RESPONSES_COST,
    ),
    Recording(
        "a failure that reports what it cost",
        Provider.OPENAI,
        fake_speech.responses(WORDS, usage=_RESPONSES_USAGE, last=_FAILED),
        _RESPONSES_BUCKETS,
        _RESPONSES_COST,
        state="failed",
    ),
    Recording(
        "usage is missing",
        Provider.OPENAI,
        fake_speech.responses(WORDS, last={"usage": None}),
        TokenBuckets(4, 0, 0, 0, 3),
        Decimal("0.0000585"),  # 4*3 + 3*15.5, counted by us
        confidence="estimated",
    ),
    Recording(
        "a usage of zeros",
        Provider.OPENAI,
        fake_speech.responses(WORDS, usage={"input_tokens": 0, "output_tokens": 0, "total_tokens": 0}),
        *_COUNTED,
        confidence="estimated",
    ),
    Recording(
        "aborted",
        Provider.OPENAI,
        fake_speech.responses(WORDS, reasoning=THOUGHTS)[:-2],
        TokenBuckets(4, 0, 0, 0, 8, 5),
        Decimal("0.000136"),  # 4*3 + 8*15.5: thinking is output too
        ending="cut",
        state="failed",
        confidence="estimated",
    ),
]

# --- Chat Completions: input with the cached tokens, in one of many places ------------------------------------------------

_CHAT_USAGE = {
    "prompt_tokens": 5_000,
    "prompt_tokens_details": {"cached_tokens": 4_000},
    "completion_tokens": 700,
    "completion_tokens_details": {"reasoning_tokens": 300},
}
_CHAT_BUCKETS = TokenBuckets(1_000, 4_000, 0, 0, 700, 300)
_CHAT_COST = Decimal("0.01509")  # 1000*3 + 4000*0.31 + 700*15.5 = 3000 + 1240 + 10850
_RUNNING = [
    fake_speech.chat_chunk({"content": word}, usage={"prompt_tokens": 50, "completion_tokens": number + 1})
    for number, word in enumerate(WORDS)
]
_CHAT = [
    Recording(
        "caches and reasoning",
        Provider.OPENAI_COMPATIBLE,
        fake_speech.chat(WORDS, reasoning=THOUGHTS, usage=_CHAT_USAGE),
        _CHAT_BUCKETS,
        _CHAT_COST,
    ),
    Recording(
        "a cache hit as DeepSeek tells it",
        Provider.OPENAI_COMPATIBLE,
        fake_speech.chat(WORDS, usage={"prompt_tokens": 5_000, "prompt_cache_hit_tokens": 4_000, "completion_tokens": 700}),
        TokenBuckets(1_000, 4_000, 0, 0, 700),
        _CHAT_COST,
    ),
    Recording(
        "a running count with every chunk",
        Provider.OPENAI_COMPATIBLE,
        [*_RUNNING, fake_speech.chat_chunk({}, finish_reason="stop"), fake_speech.event("[DONE]")],
        TokenBuckets(50, 0, 0, 0, 3),
        Decimal("0.0001965"),  # 50*3 + 3*15.5
    ),
    Recording(
        "usage is missing",
        Provider.OPENAI_COMPATIBLE,
        fake_speech.chat(WORDS, reasoning=THOUGHTS, usage=None),
        TokenBuckets(4, 0, 0, 0, 8, 5),
        Decimal("0.000136"),
        confidence="estimated",
    ),
    Recording(
        "a usage of zeros",
        Provider.OPENAI_COMPATIBLE,
        fake_speech.chat(WORDS, usage={"prompt_tokens": 0, "completion_tokens": 0}),
        *_COUNTED,
        confidence="estimated",
    ),
    Recording(
        "no output in the usage",
        Provider.OPENAI_COMPATIBLE,
        fake_speech.chat(WORDS, usage={"prompt_tokens": 30, "completion_tokens": 0}),
        TokenBuckets(30, 0, 0, 0, 3),
        Decimal("0.0001365"),  # 30*3 + 3*15.5: the input as reported, the output as counted
        confidence="estimated",
    ),
    Recording(
        "aborted",
        Provider.OPENAI_COMPATIBLE,
        fake_speech.chat(WORDS, usage=None, finish=None, done=False),
        TokenBuckets(4, 0, 0, 0, 3),
        Decimal("0.0000585"),
        ending="cut",
        state="failed",
        confidence="estimated",
    ),
]

# --- Gemini: input with the cached tokens, output without the thoughts, running counts -------------------------------------

_GEMINI_USAGE = {
    "promptTokenCount": 5_000,
    "cachedContentTokenCount": 4_000,
    "toolUsePromptTokenCount": 50,
    "candidatesTokenCount": 400,
    "thoughtsTokenCount": 300,
    "totalTokenCount": 5_750,
}
_GEMINI = [
    Recording(
        "cache, tools and thoughts",
        Provider.GEMINI,
        fake_speech.gemini(WORDS, thoughts=THOUGHTS, usage=_GEMINI_USAGE),
        TokenBuckets(1_050, 4_000, 0, 0, 700, 300),
        Decimal("0.01524"),  # 1050*3 + 4000*0.31 + 700*15.5 = 3150 + 1240 + 10850
    ),
    Recording(
        "a long context",
        Provider.GEMINI,
        fake_speech.gemini(WORDS, usage={"promptTokenCount": 200_001, "candidatesTokenCount": 2}),
        TokenBuckets(200_001, 0, 0, 0, 2),
        Decimal("1.400053"),  # 200001*7 + 2*23
    ),
    Recording(
        "usage is missing",
        Provider.GEMINI,
        fake_speech.gemini(WORDS, usage=None),
        TokenBuckets(4, 0, 0, 0, 3),
        Decimal("0.0000585"),
        confidence="estimated",
    ),
    Recording(
        "a usage of zeros",
        Provider.GEMINI,
        fake_speech.gemini(WORDS, usage={"promptTokenCount": 0, "candidatesTokenCount": 0}),
        *_COUNTED,
        confidence="estimated",
    ),
    Recording(
        "aborted after the first count",
        Provider.GEMINI,
        fake_speech.gemini(WORDS, usage={"promptTokenCount": 90})[:-1],
        TokenBuckets(90, 0, 0, 0, 3),
        Decimal("0.0003165"),  # 90*3 + 3*15.5: the input as reported, the output as counted
        ending="cut",
        state="failed",
        confidence="estimated",
    ),
]

RECORDINGS = (*_ANTHROPIC, *_OPENAI, *_CHAT, *_GEMINI)
