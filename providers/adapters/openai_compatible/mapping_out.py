"""Chunks of Chat Completions -> our events, patient with servers that do things their own way.

How such servers count (OpenAI's SDK 3.54 type `CompletionUsage`; DeepSeek, Groq, Moonshot, vLLM and llama.cpp as documented in
November 2026):
* `prompt_tokens` **includes** cached tokens (`prompt_tokens_details.cached_tokens`; DeepSeek: `prompt_cache_hit_tokens`).
* Usage is **final** in a last chunk without choices; some servers put it into the last chunk with choices, into the choice,
  under `x_groq`, or send a **cumulative** one with every chunk. The last one counts. llama.cpp without `include_usage` has
  `timings`. Some send none: then no `Usage` comes, and the caller estimates.
* `completion_tokens` **includes** reasoning (`completion_tokens_details.reasoning_tokens`) where a server tells it.

The end is `[DONE]`; a server that forgets it has at least sent a `finish_reason`. Without either the stream was cut.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from providers import exceptions
from providers.adapters.errors import bare_error
from providers.adapters.openai.mapping_out import error_of
from providers.sse import parse
from providers.types import CallNamed, Finish, FinishReason, ReasoningDelta, StreamEvent, TextDelta, ToolCall, Usage

_FINISH = {
    "stop": FinishReason.STOP,
    "length": FinishReason.LENGTH,
    "max_tokens": FinishReason.LENGTH,
    "content_filter": FinishReason.REFUSAL,
    "tool_calls": FinishReason.TOOL_CALLS,
    "function_call": FinishReason.TOOL_CALLS,
}


class Mapper:
    """One stream of chunks. `Finish` waits for the end of the stream, because usage comes after the finish reason."""

    def __init__(self, who: str) -> None:
        self.done = False
        self._who = who
        self._finish_reason: str | None = None
        self._usage: dict[str, Any] | None = None
        self._named = False
        self._tools: dict[int, list[str]] = {}  # index -> id, name and the pieces of the arguments

    def feed(self, data: bytes) -> Sequence[StreamEvent]:
        if data.strip() == b"[DONE]":
            return self._finish()
        chunk = parse(data)
        if chunk.get("error"):
            raise _error(chunk["error"], self._who)
        self._find_usage(chunk)
        events: list[StreamEvent] = []
        if not self._named and isinstance(chunk.get("id"), str) and chunk["id"]:
            self._named = True
            events.append(CallNamed(chunk["id"]))
        for choice in chunk.get("choices") or ():
            if choice.get("index", 0) == 0:
                self._choice(choice, events)
        return events

    def end(self, rest: bytes) -> Sequence[StreamEvent]:
        if self._finish_reason is None:
            error = bare_error(rest)
            raise _error(error, self._who) if error else exceptions.StreamCut(self._who)
        return self._finish()

    def _choice(self, choice: dict[str, Any], events: list[StreamEvent]) -> None:
        delta = choice.get("delta") or {}
        reasoning = delta.get("reasoning_content") or delta.get("reasoning")
        if isinstance(reasoning, str) and reasoning:
            events.append(ReasoningDelta(reasoning))
        text = delta.get("content") or delta.get("refusal")
        if text:
            events.append(TextDelta(text))
        for call in delta.get("tool_calls") or ():
            self._tool(call)
        self._finish_reason = choice.get("finish_reason") or self._finish_reason

    def _tool(self, call: dict[str, Any]) -> None:
        function = call.get("function") or {}
        known = self._tools.setdefault(call.get("index") or 0, ["", ""])
        known[0] = known[0] or call.get("id") or ""
        known[1] = known[1] or function.get("name") or ""
        known.append(function.get("arguments") or "")

    def _find_usage(self, chunk: dict[str, Any]) -> None:
        choices = chunk.get("choices") or [{}]
        usage = chunk.get("usage") or (chunk.get("x_groq") or {}).get("usage") or choices[0].get("usage")
        if usage:
            self._usage = usage
        elif self._usage is None and chunk.get("timings"):
            timings = chunk["timings"]
            cached = timings.get("cache_n", 0)
            self._usage = {
                "prompt_tokens": timings.get("prompt_n", 0) + cached,
                "completion_tokens": timings.get("predicted_n", 0),
                "prompt_tokens_details": {"cached_tokens": cached},
            }

    def _finish(self) -> Sequence[StreamEvent]:
        self.done = True
        events: list[StreamEvent] = [ToolCall(tool_id, name, "".join(pieces) or "{}") for tool_id, name, *pieces in self._tools.values()]
        if self._usage is not None:
            events.append(to_usage(self._usage))
        reason = self._finish_reason or "stop"
        return (*events, Finish(_FINISH.get(reason, FinishReason.STOP), "" if reason == "stop" else reason))


def to_usage(usage: dict[str, Any]) -> Usage:
    given = usage.get("prompt_tokens") or 0
    details = usage.get("prompt_tokens_details") or {}
    read = min(given, details.get("cached_tokens") or usage.get("prompt_cache_hit_tokens") or 0)
    written = min(given - read, details.get("cache_write_tokens") or 0)
    return Usage(
        fresh_input=given - read - written,
        cache_read=read,
        cache_write_5m=written,
        output=usage.get("completion_tokens") or 0,
        reasoning=(usage.get("completion_tokens_details") or {}).get("reasoning_tokens") or 0,
        raw=usage,
    )


def _error(error: object, who: str) -> exceptions.ProviderError:
    """An error inside a stream: an object as OpenAI writes it, or just words; its code may be the HTTP status."""
    if not isinstance(error, dict):
        return error_of({"message": str(error)}, who)
    code = error.get("code")
    return error_of(error, who, status=code if isinstance(code, int) and code >= 400 else 500)
