"""Google's Gen AI API through its SDK."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import httpx2
from google import genai
from google.genai import types as genai_types

from providers.adapters import wire
from providers.adapters.gemini import mapping_in, mapping_out
from providers.config import Endpoint
from providers.types import ChatRequest, Engine, StreamEvent


class GeminiEngine:
    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._http = wire.build_http_client(endpoint)
        # `httpx_async_client` also keeps the SDK from using aiohttp by itself, where it retries after up to 10 s.
        # The synchronous client is never used; one without a transport saves the SDK 0.1 s of setting up TLS for it.
        unused = httpx2.Client(transport=httpx2.BaseTransport())
        options = genai_types.HttpOptions(
            base_url=endpoint.base_url, api_version="v1beta", httpx_async_client=self._http, httpx_client=unused
        )
        self._client = genai.Client(api_key=endpoint.api_key, vertexai=False, http_options=options)

    def stream(self, request: ChatRequest, *, connect_seconds: float = 10.0) -> AsyncGenerator[StreamEvent, None]:
        async def send() -> object:
            chunks = await self._client.aio.models.generate_content_stream(**mapping_in.to_arguments(request))
            return [chunk async for chunk in chunks]  # sends the request; the body stays with the transport, so there are none

        return wire.run(
            self._endpoint,
            send,
            mapping_out.Mapper(self._endpoint.name),
            lambda e: mapping_out.to_error(e, self._endpoint.name),
            connect_seconds,
        )

    async def aclose(self) -> None:
        await self._http.aclose()
        self._client.close()


def build_engine(endpoint: Endpoint) -> Engine:
    return GeminiEngine(endpoint)


def warm_up() -> None:
    """Importing this module has imported the SDK."""
