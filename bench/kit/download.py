"""A long answer that is read as it comes: what is in it is counted, and the web process is watched all the while."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from bench.kit.processes import memory
from bench.kit.stack import HOST, Stack


async def download(name: str, path: str, session: str, stack: Stack, *, mark: bytes) -> dict[str, Any]:
    """Everything to its end; `rows` is how often `mark` stands in it. Megabytes are millions of bytes; of memory, resident ones."""
    web = stack.pids["web"]
    before = highest = megabytes(web)
    reader, writer = await asyncio.open_connection(HOST, stack.port)
    # HTTP/1.0 has no chunks, whose borders would stand in the middle of what is counted.
    writer.write(f"GET {path} HTTP/1.0\r\nHost: {HOST}\r\nCookie: sessionid={session}\r\n\r\n".encode())
    began, rows, size, end, watched = time.monotonic(), 0, 0, b"", 0.0
    while piece := await reader.read(1 << 20):
        seen = end + piece
        rows += seen.count(mark)
        end = seen[1 - len(mark) :]
        size += len(piece)
        if time.monotonic() - watched > 0.1:
            highest, watched = max(highest, megabytes(web)), time.monotonic()
    seconds = time.monotonic() - began
    writer.close()
    return {
        "name": name,
        "rows": rows,
        "seconds": round(seconds, 2),
        "rows_a_second": round(rows / seconds),
        "megabytes": round(size / 1e6, 1),
        "memory_before_mb": round(before),
        "memory_highest_mb": round(max(highest, megabytes(web))),
    }


def megabytes(pid: int) -> float:
    return memory({"one": pid})["one"].rss / 1e6
