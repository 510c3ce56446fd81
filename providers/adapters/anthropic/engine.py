"""Anthropic's Messages API through its SDK."""

from __future__ import annotations

import importlib
from collections.abc import AsyncGenerator

import anthropic

from providers.adapters import wire
from providers.adapters.anthropic import mapping_in, mapping_out
from providers.config import Endpoint
from providers.types import ChatRequest, Engine, StreamEvent


class AnthropicEngine:
    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._client = anthropic.AsyncAnthropic(
            api_key=endpoint.api_key, base_url=endpoint.base_url, max_retries=0, http_client=wire.build_http_client(endpoint)
        )

    def stream(self, request: ChatRequest, *, connect_seconds: float = 10.0) -> AsyncGenerator[StreamEvent, None]:
        async def send() -> object:
            return await self._client.messages.create(**mapping_in.to_arguments(request), stream=True)

        return wire.run(
            self._endpoint,
            send,
            mapping_out.Mapper(self._endpoint.name),
            lambda e: mapping_out.to_error(e, self._endpoint.name),
            connect_seconds,
        )

    async def aclose(self) -> None:
        await self._client.close()


def build_engine(endpoint: Endpoint) -> Engine:
    return AnthropicEngine(endpoint)


def warm_up() -> None:
    """Import the part of the SDK that it would import at the first call."""
    importlib.import_module("anthropic.resources.messages")
