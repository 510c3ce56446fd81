"""Our request -> arguments of `generate_content_stream` (google-genai 3.4, November 2026).

Gemini calls the assistant `model`, wants the roles to alternate, and takes the system prompt as `system_instruction` beside the
contents, not among them. Calling functions by itself is switched off: tools are the caller's.
"""

from __future__ import annotations

from typing import Any

from providers.adapters.turns import tidy
from providers.types import ChatMessage, ChatRequest, ImagePart, Part, Role

_ROLES = {Role.USER: "user", Role.ASSISTANT: "model"}


def to_arguments(request: ChatRequest) -> dict[str, Any]:
    config: dict[str, Any] = {
        "max_output_tokens": request.max_output_tokens,
        "automatic_function_calling": {"disable": True},
    }
    if request.system:
        config["system_instruction"] = request.system
    return {"model": request.model, "contents": [_content(message) for message in tidy(request.messages)], "config": config}


def _content(message: ChatMessage) -> dict[str, Any]:
    return {"role": _ROLES[message.role], "parts": [_part(part) for part in message.parts]}


def _part(part: Part) -> dict[str, Any]:
    if isinstance(part, ImagePart):
        return {"inline_data": {"mime_type": part.media_type, "data": part.data}}
    return {"text": part.text}
