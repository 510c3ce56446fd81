"""Events and errors of the Messages API -> ours.

How Anthropic counts (SDK 2.12 types `Usage`, `MessageDeltaUsage`, `OutputTokensDetails`; platform.claude.com/docs, "Streaming messages"
and "Prompt caching"; November 2026):
* `input_tokens` does **not** include cached tokens: the whole input is `input_tokens` + `cache_creation_input_tokens` +
  `cache_read_input_tokens`. `cache_creation` splits the writes by life span; without it they are five-minute ones.
* Streamed usage is **cumulative**: `message_start` has the input and a first output count, `message_delta` the final ones.
* `output_tokens` **includes** thinking; `output_tokens_details.thinking_tokens` says how much of it that was.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import anthropic

from providers import exceptions
from providers.adapters.errors import error_class, parse_retry_after, says_too_long
from providers.sse import parse
from providers.types import CallNamed, Finish, FinishReason, ReasoningDelta, StreamEvent, TextDelta, ToolCall, Usage

_FINISH = {
    "end_turn": FinishReason.STOP,
    "stop_sequence": FinishReason.STOP,
    "pause_turn": FinishReason.STOP,
    "max_tokens": FinishReason.LENGTH,
    "model_context_window_exceeded": FinishReason.LENGTH,
    "refusal": FinishReason.REFUSAL,
    "tool_use": FinishReason.TOOL_CALLS,
}
_ERRORS: dict[str, type[exceptions.ProviderError]] = {
    "invalid_request_error": exceptions.BadRequest,
    "authentication_error": exceptions.AuthenticationFailed,
    "billing_error": exceptions.QuotaExhausted,
    "permission_error": exceptions.PermissionDenied,
    "not_found_error": exceptions.ModelNotFound,
    "request_too_large": exceptions.ContextTooLong,
    "rate_limit_error": exceptions.RateLimitedByProvider,
    "api_error": exceptions.ServerError,
    "timeout_error": exceptions.ServerError,
    "overloaded_error": exceptions.Overloaded,
}


class Mapper:
    """One stream. `feed` takes the data of each server-sent event; its `type` says what it is."""

    def __init__(self, who: str) -> None:
        self.done = False
        self._who = who
        self._usage: dict[str, Any] = {}
        self._stop_reason = ""
        self._tool: list[str] = []  # id, name and the pieces of the arguments
        self._thinking = False

    def feed(self, data: bytes) -> Sequence[StreamEvent]:
        event = parse(data)
        kind = event["type"]
        if kind == "content_block_delta":
            return self._delta(event["delta"])
        if kind == "content_block_start":
            return self._block_start(event["content_block"])
        if kind == "content_block_stop":
            return self._block_stop()
        if kind == "ping":
            return (ReasoningDelta(""),) if self._thinking else ()
        if kind == "message_start":
            message = event["message"]
            named = (CallNamed(message["id"]),) if message.get("id") else ()
            return (*named, self._count(message["usage"], final=False))
        if kind == "message_delta":
            self._stop_reason = event["delta"].get("stop_reason") or self._stop_reason
            reported = event.get("usage") or {}
            return (self._count(reported, final="output_tokens" in reported),)
        if kind == "message_stop":
            self.done = True
            reason = self._stop_reason
            return (Finish(_FINISH.get(reason, FinishReason.STOP), "" if reason == "end_turn" else reason),)
        if kind == "error":
            raise error_of(event.get("error") or {}, self._who)
        return ()

    def end(self, rest: bytes) -> Sequence[StreamEvent]:
        raise exceptions.StreamCut(self._who)

    def _delta(self, delta: dict[str, Any]) -> Sequence[StreamEvent]:
        kind = delta["type"]
        if kind == "text_delta":
            return (TextDelta(delta["text"]),)
        if kind == "thinking_delta":
            return (ReasoningDelta(delta["thinking"]),)
        if kind == "input_json_delta":
            self._tool.append(delta["partial_json"])
        return ()

    def _block_start(self, block: dict[str, Any]) -> Sequence[StreamEvent]:
        self._thinking = block["type"] in ("thinking", "redacted_thinking")
        if self._thinking:
            return (ReasoningDelta(block.get("thinking", "")),)
        if block["type"] == "tool_use":
            self._tool = [block["id"], block["name"]]
        elif block.get("text"):
            return (TextDelta(block["text"]),)
        return ()

    def _block_stop(self) -> Sequence[StreamEvent]:
        self._thinking = False
        if not self._tool:
            return ()
        (tool_id, name, *pieces), self._tool = self._tool, []
        return (ToolCall(tool_id, name, "".join(pieces) or "{}"),)

    def _count(self, reported: dict[str, Any], *, final: bool) -> Usage:
        self._usage.update({key: value for key, value in reported.items() if value is not None})
        usage = self._usage
        writes = usage.get("cache_creation_input_tokens", 0)
        long_writes = min(writes, (usage.get("cache_creation") or {}).get("ephemeral_1h_input_tokens", 0))
        return Usage(
            fresh_input=usage.get("input_tokens", 0),
            cache_read=usage.get("cache_read_input_tokens", 0),
            cache_write_5m=writes - long_writes,
            cache_write_1h=long_writes,
            output=usage.get("output_tokens", 0),
            reasoning=(usage.get("output_tokens_details") or {}).get("thinking_tokens", 0),
            raw=dict(usage),
            final=final,
        )


def to_error(error: Exception, who: str) -> exceptions.ProviderError:
    """An exception of the SDK -> ours."""
    if not isinstance(error, anthropic.APIStatusError):
        return exceptions.ConnectionFailed(who, detail=repr(error))
    body = error.body if isinstance(error.body, dict) else {}
    inner = body.get("error")
    return error_of(
        inner if isinstance(inner, dict) else {"message": error.message}, who, error.status_code, parse_retry_after(error.response.headers)
    )


def error_of(body: dict[str, Any], who: str, status: int = 500, retry_after: float | None = None) -> exceptions.ProviderError:
    """The error object of a response or of an `error` event (which arrives with status 200) -> ours."""
    kind, message = str(body.get("type", "")), str(body.get("message", ""))
    known = _ERRORS.get(kind) or error_class(status)
    if known is exceptions.BadRequest:
        known = _bad_request(message)
    return known(who, detail=f"{kind or status}: {message}", retry_after=retry_after)


def _bad_request(message: str) -> type[exceptions.ProviderError]:
    """`invalid_request_error` stands for many things; only its words tell them apart."""
    words = message.lower()
    if says_too_long(words):
        return exceptions.ContextTooLong
    if "credit balance" in words:
        return exceptions.QuotaExhausted
    return exceptions.ContentRefused if "content filtering" in words else exceptions.BadRequest
