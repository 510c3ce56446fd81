"""Our request -> Chat Completions for SmolLM2-135M.

A model this small may repeat itself without end: at most 300 tokens, a low temperature and llama.cpp's repeat penalty keep it
in hand (tried November 2026). `repeat_penalty` is llama.cpp's own, so it goes into the extra body.
"""

from __future__ import annotations

from typing import Any

from providers.adapters.openai_compatible.mapping_in import to_messages
from providers.types import ChatRequest

MAX_TOKENS = 300


def to_arguments(request: ChatRequest) -> dict[str, Any]:
    return {
        "model": request.model,
        "messages": to_messages(request),
        "max_tokens": min(MAX_TOKENS, request.max_output_tokens),
        "temperature": 0.2,
        "stream_options": {"include_usage": True},
        "extra_body": {"repeat_penalty": 1.1},
    }
