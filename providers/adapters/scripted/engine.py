"""The scripted model answers from `mapping_in`'s script, one token at a time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator

from providers.adapters.scripted import mapping_in, mapping_out
from providers.config import Endpoint, scripted_delay_seconds
from providers.types import ChatRequest, Engine, StreamEvent


class ScriptedEngine:
    """Deterministic: the same request gives the same events."""

    async def stream(self, request: ChatRequest, *, connect_seconds: float = 10.0) -> AsyncGenerator[StreamEvent, None]:
        script = mapping_in.to_script(request)
        if script.error is not None and not script.words:
            raise mapping_out.error(script.error)
        delay = scripted_delay_seconds() if script.delay_seconds is None else script.delay_seconds
        await asyncio.sleep(script.first_token_seconds)
        async for event in self._paced(mapping_out.events(request, script), delay):
            yield event
        if script.error is not None:
            raise mapping_out.error(script.error)

    async def _paced(self, events: mapping_out.Events, delay: float) -> AsyncGenerator[StreamEvent, None]:
        loop = asyncio.get_running_loop()
        due = loop.time()
        for event in events:
            yield event
            due += delay
            await asyncio.sleep(max(0.0, due - loop.time()))

    async def aclose(self) -> None:
        """Nothing is held."""


def build_engine(endpoint: Endpoint) -> Engine:
    return ScriptedEngine()


def warm_up() -> None:
    """Nothing to import."""
