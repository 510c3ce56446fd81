"""An application for `test_flow`: `/` streams `TOTAL` bytes as fast as it may, `/sent` says how many were taken so far."""

from __future__ import annotations

from typing import Any

from chatplatform.flow import keep_memory_flat

TOTAL = 48 * 1024 * 1024
_CHUNK = b"x" * 65536
_sent = 0

keep_memory_flat()


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    global _sent
    await send({"type": "http.response.start", "status": 200, "headers": []})
    if scope["path"] == "/sent":
        await send({"type": "http.response.body", "body": str(_sent).encode()})
        return
    while _sent < TOTAL:
        await send({"type": "http.response.body", "body": _CHUNK, "more_body": True})
        _sent += len(_CHUNK)
    await send({"type": "http.response.body", "body": b""})
