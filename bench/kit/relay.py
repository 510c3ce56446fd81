"""The floor: an ASGI application that relays a provider's stream to a WebSocket, a message a token, and nothing else."""

from __future__ import annotations

import os
from typing import Any

import aiohttp

from bench.kit.floor import QUESTION_END

_session: aiohttp.ClientSession | None = None


def _client() -> aiohttp.ClientSession:
    global _session
    if _session is None:
        _session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0), timeout=aiohttp.ClientTimeout(total=None))
    return _session


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Each message that arrives is a question; its answer is relayed token by token and ended by one more message."""
    if scope["type"] != "websocket":
        return
    await receive()
    await send({"type": "websocket.accept"})
    while (message := await receive())["type"] == "websocket.receive":
        await _relay(message["text"], send)


async def _relay(question: str, send: Any) -> None:
    body = {"model": "bench", "stream": True, "messages": [{"role": "user", "content": question}]}
    rest = b""
    async with _client().post(f"{os.environ['FAKE_PROVIDER_URL']}/chat/completions", json=body) as response:
        async for data in response.content.iter_any():
            *events, rest = (rest + data).split(b"\n\n")
            for event in events:
                await send({"type": "websocket.send", "text": event[6:].decode()})
    await send({"type": "websocket.send", "text": QUESTION_END})
