"""Buckets for a call whose provider did not report in full: what was reported, completed by our own count."""

from __future__ import annotations

from dataclasses import replace

from providers.tokens import count_tokens_for
from providers.types import ChatRequest, TextPart, Usage
from usage.types import Confidence, TokenBuckets


def used(request: ChatRequest, usage: Usage | None, text: str, reasoning: str) -> tuple[TokenBuckets, Confidence]:
    """What a call that produced this is paid by: the provider's final report, else the best estimate.

    A report of no output for what has some is none: some servers that speak another's protocol send zeros.
    """
    if usage is not None and usage.final and (usage.output or not (text or reasoning)):
        return buckets_of(usage), Confidence.REPORTED
    return estimate(request, usage, text, reasoning), Confidence.ESTIMATED


def buckets_of(usage: Usage) -> TokenBuckets:
    """The engine room's buckets in the meter's words."""
    return TokenBuckets(
        fresh_input=usage.fresh_input,
        cache_read=usage.cache_read,
        cache_write_5m=usage.cache_write_5m,
        cache_write_1h=usage.cache_write_1h,
        output=usage.output,
        reasoning=usage.reasoning,
    )


def estimate(request: ChatRequest, usage: Usage | None, text: str, reasoning: str) -> TokenBuckets:
    """The best estimate: reported input where there is one, else our count of what was sent; output at least what we saw.

    `text` is what this call produced, without what an answer that goes on from an earlier one began with.
    """
    thought = count_tokens_for(request.provider, request.model, reasoning)
    seen = count_tokens_for(request.provider, request.model, text) + thought
    if usage is not None and (usage.fresh_input or usage.cache_read or usage.cache_write_5m or usage.cache_write_1h):
        reported = buckets_of(usage)
        return replace(reported, output=max(reported.output, seen), reasoning=max(reported.reasoning, thought))
    return TokenBuckets(fresh_input=count_request(request), output=seen, reasoning=thought)


def count_request(request: ChatRequest) -> int:
    """Tokens of everything in the request that is text, as its model counts them where that is known."""
    texts = [part.text for message in request.messages for part in message.parts if isinstance(part, TextPart)]
    return sum(count_tokens_for(request.provider, request.model, text) for text in (request.system, *texts))
