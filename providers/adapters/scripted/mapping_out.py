"""Script -> events.

How the scripted model counts (ours, November 2026): input is the o200k count of all texts, nothing is cached; usage is
reported once, at the end, and is final; output includes the reasoning. A stream that is cut reports nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from providers import exceptions
from providers.adapters.scripted.mapping_in import Script
from providers.tokens import count_tokens
from providers.types import ChatRequest, Finish, FinishReason, ReasoningDelta, StreamEvent, TextDelta, TextPart, Usage

Events = Iterator[StreamEvent]

_WHO = "The scripted demo"
_ERRORS: dict[str, type[exceptions.ProviderError]] = {
    "overloaded": exceptions.Overloaded,
    "rate_limited": exceptions.RateLimitedByProvider,
    "server_error": exceptions.ServerError,
    "auth": exceptions.AuthenticationFailed,
    "quota": exceptions.QuotaExhausted,
    "bad_request": exceptions.BadRequest,
    "context_too_long": exceptions.ContextTooLong,
    "refused": exceptions.ContentRefused,
    "connection": exceptions.ConnectionFailed,
}


def events(request: ChatRequest, script: Script) -> Events:
    """The stream of a script, without its error."""
    yield from map(ReasoningDelta, script.reasoning)
    yield from map(TextDelta, script.words)
    if script.finishes:
        yield usage(request, script)
        yield Finish(FinishReason.LENGTH if script.truncated else FinishReason.STOP)


def usage(request: ChatRequest, script: Script) -> Usage:
    texts = [part.text for message in request.messages for part in message.parts if isinstance(part, TextPart)]
    reasoning = count_tokens("".join(script.reasoning))
    output = count_tokens("".join(script.words)) + reasoning
    given = count_tokens(request.system) + sum(map(count_tokens, texts))
    raw = {"input_tokens": given, "output_tokens": output, "reasoning_tokens": reasoning}
    return Usage(fresh_input=given, output=output, reasoning=reasoning, raw=raw)


def error(code: str) -> exceptions.ProviderError:
    """The error of a phrase; an unknown code is a server error."""
    retry_after = 1.0 if code == "rate_limited" else None
    return _ERRORS.get(code, exceptions.ServerError)(_WHO, retry_after=retry_after, detail=f"scripted: {code}")
