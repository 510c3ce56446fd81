"""Events and errors of the Responses API -> ours.

How OpenAI counts (SDK 3.54 types `ResponseUsage`, `InputTokensDetails`, `OutputTokensDetails`; developers.openai.com, "Prompt
caching"; November 2026):
* `input_tokens` **includes** cached and cache-written tokens: `cached_tokens` and `cache_write_tokens` are parts of it.
  Cache writes have one price whatever their life span, so they all go into the first of our two buckets.
* Streamed usage is **final**: it comes once, with the terminal event.
* `output_tokens` **includes** reasoning (`reasoning_tokens`).

A stream ends in one of four ways: `response.completed`, `response.incomplete`, `response.failed` and `error`; the last two are
failures that arrive as events.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import openai

from providers import exceptions
from providers.adapters.errors import error_class, parse_retry_after, says_too_long
from providers.sse import parse
from providers.types import CallNamed, Finish, FinishReason, ReasoningDelta, StreamEvent, TextDelta, ToolCall, Usage

_TEXT = frozenset({"response.output_text.delta", "response.refusal.delta"})
_REASONING = frozenset({"response.reasoning_summary_text.delta", "response.reasoning_text.delta"})
_END = frozenset({"response.completed", "response.incomplete", "response.failed"})
_FILTERED = frozenset({"bio_policy", "misalignment_policy_violation", "image_content_policy_violation", "content_policy_violation"})
_ERRORS: dict[str, type[exceptions.ProviderError]] = {
    "insufficient_quota": exceptions.QuotaExhausted,
    "billing_hard_limit_reached": exceptions.QuotaExhausted,
    "billing_not_active": exceptions.QuotaExhausted,
    "rate_limit_exceeded": exceptions.RateLimitedByProvider,
    "context_length_exceeded": exceptions.ContextTooLong,
    "string_above_max_length": exceptions.ContextTooLong,
    "model_not_found": exceptions.ModelNotFound,
    "invalid_api_key": exceptions.AuthenticationFailed,
    "invalid_prompt": exceptions.ContentRefused,
    "server_is_overloaded": exceptions.Overloaded,
    "slow_down": exceptions.Overloaded,
    **dict.fromkeys(_FILTERED, exceptions.ContentRefused),
}


class Mapper:
    """One stream. `feed` takes the data of each server-sent event; its `type` says what it is."""

    def __init__(self, who: str) -> None:
        self.done = False
        self._who = who
        self._refused = False
        self._called_tools = False
        self._failure: exceptions.ProviderError | None = None

    def feed(self, data: bytes) -> Sequence[StreamEvent]:
        event = parse(data)
        kind = event["type"]
        if kind in _TEXT:
            self._refused = self._refused or kind == "response.refusal.delta"
            return (TextDelta(event["delta"]),)
        if kind in _REASONING:
            return (ReasoningDelta(event["delta"]),)
        if kind == "response.output_item.added":
            return (ReasoningDelta(""),) if event["item"]["type"] == "reasoning" else ()
        if kind == "response.output_item.done":
            return self._item(event["item"])
        if kind == "response.created":
            call_id = event["response"].get("id")
            return (CallNamed(call_id),) if call_id else ()
        if kind in _END:
            return self._end(kind, event["response"])
        if kind == "error":
            raise error_of(event.get("error") or event, self._who)
        return ()

    def end(self, rest: bytes) -> Sequence[StreamEvent]:
        raise self._failure or exceptions.StreamCut(self._who)

    def _item(self, item: dict[str, Any]) -> Sequence[StreamEvent]:
        if item["type"] != "function_call":
            return ()
        self._called_tools = True
        return (ToolCall(item.get("call_id") or item.get("id", ""), item["name"], item.get("arguments") or "{}"),)

    def _end(self, kind: str, response: dict[str, Any]) -> Sequence[StreamEvent]:
        usage = response.get("usage")
        counted: tuple[StreamEvent, ...] = (to_usage(usage),) if usage else ()
        if kind == "response.failed":
            self._failure = error_of(response.get("error") or {}, self._who)
            if counted:
                return counted  # what was used is told first; the failure follows when the stream ends
            raise self._failure
        self.done = True
        if kind == "response.incomplete":
            detail = (response.get("incomplete_details") or {}).get("reason") or ""
            return (*counted, Finish(FinishReason.REFUSAL if detail == "content_filter" else FinishReason.LENGTH, detail))
        if self._refused:
            return (*counted, Finish(FinishReason.REFUSAL, "refusal"))
        return (*counted, Finish(FinishReason.TOOL_CALLS if self._called_tools else FinishReason.STOP))


def to_usage(usage: dict[str, Any]) -> Usage:
    given = usage.get("input_tokens") or 0
    details = usage.get("input_tokens_details") or {}
    read = min(given, details.get("cached_tokens") or 0)
    written = min(given - read, details.get("cache_write_tokens") or 0)
    return Usage(
        fresh_input=given - read - written,
        cache_read=read,
        cache_write_5m=written,
        output=usage.get("output_tokens") or 0,
        reasoning=(usage.get("output_tokens_details") or {}).get("reasoning_tokens") or 0,
        raw=usage,
    )


def to_error(error: Exception, who: str) -> exceptions.ProviderError:
    """An exception of the SDK -> ours. The same for both of OpenAI's APIs."""
    if not isinstance(error, openai.APIStatusError):
        return exceptions.ConnectionFailed(who, detail=repr(error))
    body = error.body if isinstance(error.body, dict) else {"message": error.message}
    return error_of(body, who, error.status_code, parse_retry_after(error.response.headers))


def error_of(body: dict[str, Any], who: str, status: int = 500, retry_after: float | None = None) -> exceptions.ProviderError:
    """The error object of a response, of an `error` event or of `response.failed` -> ours. Its code is more exact than the status."""
    code, kind, message = str(body.get("code") or ""), str(body.get("type") or ""), str(body.get("message") or "")
    known = _ERRORS.get(code) or _ERRORS.get(kind) or error_class(status)
    if known is exceptions.BadRequest and says_too_long(message):
        known = exceptions.ContextTooLong
    elif known is exceptions.RateLimitedByProvider and "check your plan and billing" in message:
        known = exceptions.QuotaExhausted
    elif known is exceptions.ServerError and "overloaded" in message.lower():
        known = exceptions.Overloaded
    return known(who, detail=f"{code or kind or status}: {message}", retry_after=retry_after)
