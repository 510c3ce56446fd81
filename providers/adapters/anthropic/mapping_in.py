"""Our request -> arguments of `messages.create` (SDK 2.12, November 2026).

Sampling parameters do not exist any more. `cache_control` at the top asks Anthropic to cache the conversation up to its last
block for five minutes: a write costs 1.25 times the input price and a read a tenth or less, so it pays from the second
question on, and is asked for only then (https://platform.claude.com/docs/en/build-with-claude/prompt-caching).
"""

from __future__ import annotations

import base64
from typing import Any

from providers.adapters.turns import tidy
from providers.types import ChatMessage, ChatRequest, ImagePart, Part


def to_arguments(request: ChatRequest) -> dict[str, Any]:
    arguments: dict[str, Any] = {
        "model": request.model,
        "max_tokens": request.max_output_tokens,
        "messages": [_message(message) for message in tidy(request.messages)],
    }
    if request.system:
        arguments["system"] = request.system
    if len(request.messages) > 1:
        arguments["cache_control"] = {"type": "ephemeral"}
    return arguments


def _message(message: ChatMessage) -> dict[str, Any]:
    return {"role": message.role.value, "content": [_part(part) for part in message.parts]}


def _part(part: Part) -> dict[str, Any]:
    if isinstance(part, ImagePart):
        source = {"type": "base64", "media_type": part.media_type, "data": base64.b64encode(part.data).decode()}
        return {"type": "image", "source": source}
    return {"type": "text", "text": part.text}
