"""Our request -> arguments of `responses.create` (SDK 3.54, November 2026).

`store=False`: the conversation is ours, OpenAI keeps no copy to refer to. Sampling parameters are left alone, because reasoning
models refuse them.
"""

from __future__ import annotations

import base64
from typing import Any

from providers.adapters.turns import tidy
from providers.types import ChatMessage, ChatRequest, ImagePart, Part, Role, TextPart

# The API refuses less (November 2026).
_SMALLEST_MAX_OUTPUT = 16


def to_arguments(request: ChatRequest) -> dict[str, Any]:
    arguments: dict[str, Any] = {
        "model": request.model,
        "input": [_message(message) for message in tidy(request.messages)],
        "max_output_tokens": max(_SMALLEST_MAX_OUTPUT, request.max_output_tokens),
        "store": False,
    }
    if request.system:
        arguments["instructions"] = request.system
    if request.request_key:
        arguments["extra_headers"] = {"X-Client-Request-Id": request.request_key}  # finds the call again at OpenAI's support
    return arguments


def _message(message: ChatMessage) -> dict[str, Any]:
    if message.role is Role.ASSISTANT:
        return {"role": "assistant", "content": "".join(part.text for part in message.parts if isinstance(part, TextPart))}
    return {"role": "user", "content": [_part(part) for part in message.parts]}


def _part(part: Part) -> dict[str, Any]:
    if isinstance(part, ImagePart):
        return {"type": "input_image", "detail": "auto", "image_url": data_url(part)}
    return {"type": "input_text", "text": part.text}


def data_url(part: ImagePart) -> str:
    return f"data:{part.media_type};base64,{base64.b64encode(part.data).decode()}"
