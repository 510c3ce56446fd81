"""What a provider says on the wire, protocol by protocol: lists of server-sent events for `fake_provider.Reply`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

WORDS = ("Hello ", "wörld, ", "how ", "are ", "you?")


def event(data: Any, name: str = "") -> bytes:
    head = f"event: {name}\n" if name else ""
    return f"{head}data: {data if isinstance(data, str) else json.dumps(data)}\n\n".encode()


def _typed(data: dict[str, Any]) -> bytes:
    return event(data, data["type"])


# --- Anthropic Messages -------------------------------------------------------------------------------------------

ANTHROPIC_START = {"input_tokens": 11, "output_tokens": 1}
ANTHROPIC_END = {"output_tokens": 7}


def anthropic(
    words: Iterable[str] = WORDS,
    *,
    thinking: Iterable[str] = (),
    start: dict[str, Any] | None = None,
    end: dict[str, Any] | None = None,
    stop_reason: str = "end_turn",
) -> list[bytes]:
    message: dict[str, Any] = {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "content": [],
        "model": "m",
        "usage": start or ANTHROPIC_START,
    }
    events = [_typed({"type": "message_start", "message": message})]
    if thinking:
        events += _anthropic_block(0, {"type": "thinking", "thinking": ""}, ({"type": "thinking_delta", "thinking": t} for t in thinking))
    events += _anthropic_block(1, {"type": "text", "text": ""}, ({"type": "text_delta", "text": word} for word in words))
    events.append(_typed({"type": "message_delta", "delta": {"stop_reason": stop_reason}, "usage": end or ANTHROPIC_END}))
    return [*events, _typed({"type": "message_stop"})]


def anthropic_tool(tool: str, pieces: Iterable[str]) -> list[bytes]:
    start, *_ = anthropic()
    block = {"type": "tool_use", "id": "toolu_1", "name": tool, "input": {}}
    call = _anthropic_block(0, block, ({"type": "input_json_delta", "partial_json": piece} for piece in pieces))
    return [start, *call, *anthropic((), stop_reason="tool_use")[-2:]]


def _anthropic_block(index: int, block: dict[str, Any], deltas: Iterable[dict[str, Any]]) -> list[bytes]:
    return [
        _typed({"type": "content_block_start", "index": index, "content_block": block}),
        _typed({"type": "ping"}),
        *(_typed({"type": "content_block_delta", "index": index, "delta": delta}) for delta in deltas),
        _typed({"type": "content_block_stop", "index": index}),
    ]


# --- OpenAI Responses ---------------------------------------------------------------------------------------------

RESPONSES_USAGE = {"input_tokens": 11, "output_tokens": 7, "total_tokens": 18}


def responses(
    words: Iterable[str] = WORDS, *, reasoning: Iterable[str] = (), usage: dict[str, Any] | None = None, last: dict[str, Any] | None = None
) -> list[bytes]:
    """`last`: fields of the terminal event's response, with its `type` ("response.completed" when not given)."""
    events = [_typed({"type": "response.created", "response": {"id": "resp_1", "status": "in_progress"}})]
    if reasoning:
        events.append(_typed({"type": "response.output_item.added", "item": {"type": "reasoning"}}))
        events += [_typed({"type": "response.reasoning_summary_text.delta", "delta": piece}) for piece in reasoning]
    events.append(_typed({"type": "response.output_item.added", "item": {"type": "message"}}))
    events += [_typed({"type": "response.output_text.delta", "delta": word, "logprobs": []}) for word in words]
    events.append(_typed({"type": "response.output_text.done", "text": "".join(words)}))
    ending = {"type": "response.completed", **(last or {})}
    kind = ending.pop("type")
    return [*events, _typed({"type": kind, "response": {"id": "resp_1", "usage": usage or RESPONSES_USAGE, **ending}})]


# --- Chat Completions ---------------------------------------------------------------------------------------------

CHAT_USAGE = {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18}


def chat(
    words: Iterable[str] = WORDS,
    *,
    reasoning: Iterable[str] = (),
    usage: dict[str, Any] | None = CHAT_USAGE,
    finish: str | None = "stop",
    done: bool = True,
) -> list[bytes]:
    events = [chat_chunk({"role": "assistant", "content": ""})]
    events += [chat_chunk({"reasoning_content": piece}) for piece in reasoning]
    events += [chat_chunk({"content": word}) for word in words]
    if finish:
        events.append(chat_chunk({}, finish_reason=finish))
    if usage:
        events.append(event({"object": "chat.completion.chunk", "choices": [], "usage": usage}))
    return [*events, event("[DONE]")] if done else events


def chat_chunk(delta: dict[str, Any], *, finish_reason: str | None = None, **more: Any) -> bytes:
    choice = {"index": 0, "delta": delta, "finish_reason": finish_reason}
    return event({"id": "gen-1", "object": "chat.completion.chunk", "choices": [choice], **more})


# --- Gemini -------------------------------------------------------------------------------------------------------

GEMINI_USAGE = {"promptTokenCount": 11, "candidatesTokenCount": 7, "totalTokenCount": 18}


def gemini(
    words: Iterable[str] = WORDS, *, thoughts: Iterable[str] = (), usage: dict[str, Any] | None = GEMINI_USAGE, finish: str | None = "STOP"
) -> list[bytes]:
    parts = [{"text": thought, "thought": True} for thought in thoughts] + [{"text": word} for word in words]
    chunks: list[dict[str, Any]] = [{"candidates": [{"content": {"role": "model", "parts": [part]}, "index": 0}]} for part in parts]
    if finish:
        chunks.append({"candidates": [{"content": {"role": "model", "parts": [{"text": ""}]}, "finishReason": finish, "index": 0}]})
    if usage and chunks:
        chunks[0]["usageMetadata"] = {"promptTokenCount": usage.get("promptTokenCount", 0)}
        chunks[-1]["usageMetadata"] = usage
    return [event({**chunk, "responseId": "answer-1"}) for chunk in chunks]


SPEECH: dict[str, Callable[[], list[bytes]]] = {
    "anthropic": anthropic,
    "openai": responses,
    "openai_compatible": chat,
    "local": chat,
    "gemini": gemini,
}
