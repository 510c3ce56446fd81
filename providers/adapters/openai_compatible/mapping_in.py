"""Our request -> arguments of `chat.completions.create`, in the oldest words, because servers differ.

`max_tokens` and the role `system` are understood everywhere; `max_completion_tokens` and `developer` only by some (November
2026). A message of text alone is sent as a plain string for the same reason. `include_usage` asks for the count at the end.
"""

from __future__ import annotations

from typing import Any

from providers.adapters.openai.mapping_in import data_url
from providers.adapters.turns import tidy
from providers.types import ChatMessage, ChatRequest, ImagePart, Part, TextPart


def to_arguments(request: ChatRequest) -> dict[str, Any]:
    return {
        "model": request.model,
        "messages": to_messages(request),
        "max_tokens": request.max_output_tokens,
        "stream_options": {"include_usage": True},
    }


def to_messages(request: ChatRequest) -> list[dict[str, Any]]:
    system = [{"role": "system", "content": request.system}] if request.system else []
    return system + [_message(message) for message in tidy(request.messages)]


def _message(message: ChatMessage) -> dict[str, Any]:
    if all(isinstance(part, TextPart) for part in message.parts):
        return {"role": message.role.value, "content": "".join(part.text for part in message.parts if isinstance(part, TextPart))}
    return {"role": message.role.value, "content": [_part(part) for part in message.parts]}


def _part(part: Part) -> dict[str, Any]:
    if isinstance(part, ImagePart):
        return {"type": "image_url", "image_url": {"url": data_url(part)}}
    return {"type": "text", "text": part.text}
