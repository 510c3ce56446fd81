"""Chunks and errors of `streamGenerateContent` -> ours.

How Google counts (google-genai 3.4 type `GenerateContentResponseUsageMetadata`; ai.google.dev, "Understand and count tokens" and
"Context caching"; November 2026):
* `promptTokenCount` **includes** cached tokens (`cachedContentTokenCount`); results of tools come on top (`toolUsePromptTokenCount`).
* Usage is **cumulative**: every chunk may carry it, the last one counts.
* `candidatesTokenCount` does **not** include thinking: output is `candidatesTokenCount` + `thoughtsTokenCount`.

There is no terminal event. A stream is whole when a chunk had a `finishReason`; a prompt that was blocked has none, but a
`promptFeedback.blockReason`. An error in mid-stream is a chunk with `error`, or bare JSON that is no server-sent event.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson
from google.genai import errors

from providers import exceptions
from providers.adapters.errors import bare_error, error_class, parse_retry_after, says_too_long
from providers.sse import parse
from providers.types import CallNamed, Finish, FinishReason, ReasoningDelta, StreamEvent, TextDelta, ToolCall, Usage

_FINISH = {
    "STOP": FinishReason.STOP,
    "MAX_TOKENS": FinishReason.LENGTH,
    "CONTINUATION": FinishReason.LENGTH,
    "MALFORMED_FUNCTION_CALL": FinishReason.STOP,
    "UNEXPECTED_TOOL_CALL": FinishReason.STOP,
    "TOO_MANY_TOOL_CALLS": FinishReason.STOP,
    "OTHER": FinishReason.STOP,
}
_ERRORS: dict[str, type[exceptions.ProviderError]] = {
    "INVALID_ARGUMENT": exceptions.BadRequest,
    "FAILED_PRECONDITION": exceptions.PermissionDenied,
    "UNAUTHENTICATED": exceptions.AuthenticationFailed,
    "PERMISSION_DENIED": exceptions.PermissionDenied,
    "NOT_FOUND": exceptions.ModelNotFound,
    "RESOURCE_EXHAUSTED": exceptions.RateLimitedByProvider,
    "UNAVAILABLE": exceptions.Overloaded,
    "INTERNAL": exceptions.ServerError,
    "DEADLINE_EXCEEDED": exceptions.ServerError,
}


class Mapper:
    """One stream of `GenerateContentResponse` objects."""

    def __init__(self, who: str) -> None:
        self.done = False  # never known before the stream ends
        self._who = who
        self._finish_reason = ""
        self._usage: dict[str, Any] = {}
        self._called_tools = False
        self._named = False

    def feed(self, data: bytes) -> Sequence[StreamEvent]:
        chunk = parse(data)
        if "error" in chunk:
            raise error_of(chunk["error"], self._who)
        events: list[StreamEvent] = []
        if not self._named and chunk.get("responseId"):
            self._named = True
            events.append(CallNamed(chunk["responseId"]))
        for candidate in (chunk.get("candidates") or ())[:1]:
            for part in (candidate.get("content") or {}).get("parts") or ():
                self._part(part, events)
            self._finish_reason = candidate.get("finishReason") or self._finish_reason
        usage = chunk.get("usageMetadata")
        if usage and usage != self._usage:
            self._usage = usage
            events.append(to_usage(usage, final=False))
        blocked = (chunk.get("promptFeedback") or {}).get("blockReason")
        if blocked:
            self._finish_reason = f"PROMPT_{blocked}"
        return events

    def end(self, rest: bytes) -> Sequence[StreamEvent]:
        reason = self._finish_reason
        if not reason:
            error = bare_error(rest)
            raise error_of(error, self._who) if error else exceptions.StreamCut(self._who)
        if reason.startswith("PROMPT_"):
            raise exceptions.ContentRefused(self._who, detail=reason)
        self.done = True
        counted = (to_usage(self._usage, final=True),) if self._usage else ()
        finish = FinishReason.TOOL_CALLS if self._called_tools and reason == "STOP" else _FINISH.get(reason, FinishReason.REFUSAL)
        return (*counted, Finish(finish, "" if reason == "STOP" else reason))

    def _part(self, part: dict[str, Any], events: list[StreamEvent]) -> None:
        call = part.get("functionCall")
        if call:
            self._called_tools = True
            events.append(ToolCall(call.get("id") or call["name"], call["name"], orjson.dumps(call.get("args") or {}).decode()))
        elif part.get("thought"):
            events.append(ReasoningDelta(part.get("text", "")))
        elif part.get("text"):
            events.append(TextDelta(part["text"]))


def to_usage(usage: dict[str, Any], *, final: bool) -> Usage:
    given = (usage.get("promptTokenCount") or 0) + (usage.get("toolUsePromptTokenCount") or 0)
    read = min(given, usage.get("cachedContentTokenCount") or 0)
    reasoning = usage.get("thoughtsTokenCount") or 0
    return Usage(
        fresh_input=given - read,
        cache_read=read,
        output=(usage.get("candidatesTokenCount") or 0) + reasoning,
        reasoning=reasoning,
        raw=usage,
        final=final,
    )


def to_error(error: Exception, who: str) -> exceptions.ProviderError:
    """An exception of the SDK -> ours."""
    if not isinstance(error, errors.APIError):
        return exceptions.ConnectionFailed(who, detail=repr(error))
    details = error.details if isinstance(error.details, dict) else {}
    body = details.get("error")
    headers = getattr(error.response, "headers", None) or {}
    known = body if isinstance(body, dict) else {"message": error.message, "status": error.status}
    return error_of(known, who, error.code or 500, parse_retry_after(headers))


def error_of(body: dict[str, Any], who: str, status: int | None = None, retry_after: float | None = None) -> exceptions.ProviderError:
    """The error object of a response or of a chunk -> ours."""
    name, message = str(body.get("status") or ""), str(body.get("message") or "")
    code = status or body.get("code")
    known = _ERRORS.get(name) or error_class(code if isinstance(code, int) else 500)
    details = [entry for entry in body.get("details") or () if isinstance(entry, dict)]
    if any(entry.get("reason") == "API_KEY_INVALID" for entry in details) or "api key not valid" in message.lower():
        known = exceptions.AuthenticationFailed
    elif says_too_long(message) and known in (exceptions.BadRequest, exceptions.RateLimitedByProvider):
        known = exceptions.ContextTooLong
    elif known is exceptions.RateLimitedByProvider and _is_daily(details):
        known = exceptions.QuotaExhausted
    return known(who, detail=f"{name or code}: {message}", retry_after=_retry_delay(details) if retry_after is None else retry_after)


def _is_daily(details: list[dict[str, Any]]) -> bool:
    """Whether a quota of the day is used up (`google.rpc.QuotaFailure`): trying again in a minute is no use then."""
    violations = [violation for entry in details for violation in entry.get("violations") or () if isinstance(violation, dict)]
    return any("PerDay" in str(violation.get("quotaId", "")) for violation in violations)


def _retry_delay(details: list[dict[str, Any]]) -> float | None:
    """`google.rpc.RetryInfo`: a duration such as "17s" or "0.5s"."""
    for entry in details:
        delay = str(entry.get("retryDelay", ""))
        if delay.endswith("s") and delay[:-1].replace(".", "", 1).isdigit():
            return float(delay[:-1])
    return None
