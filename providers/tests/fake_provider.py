"""A provider on a loopback port that does exactly what a test says, and remembers what it was asked.

It speaks HTTP/1.1 with kept-alive connections and chunked bodies; what it says in a provider's protocol comes from `fake_speech`.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal


@dataclass(frozen=True)
class Reply:
    """One answer. `ending` says what happens after `events`: the proper end, a cut connection, or silence."""

    events: Sequence[bytes] = ()
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: Any = None  # JSON instead of a stream
    ending: Literal["complete", "cut", "stall"] = "complete"
    pause_seconds: float = 0.0  # before each event
    hang_up: bool = False  # close the connection without a word


@dataclass(frozen=True)
class Seen:
    """One request as it arrived."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]
    connection: int


class FakeProvider:
    """Use it as an asynchronous context manager. `say` queues replies; the last one is repeated."""

    def __init__(self) -> None:
        self.requests: list[Seen] = []
        self.connections = 0
        self.client_left = asyncio.Event()  # a client closed the connection in the middle of a stream
        self._replies: deque[Reply] = deque()
        self._server: asyncio.Server | None = None
        self._handlers: set[asyncio.Task[None]] = set()

    def say(self, *replies: Reply) -> None:
        self._replies.extend(replies)

    @property
    def url(self) -> str:
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def __aenter__(self) -> FakeProvider:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, backlog=1024)
        return self

    async def __aexit__(self, *details: object) -> None:
        assert self._server is not None
        self._server.close()
        for handler in list(self._handlers):
            handler.cancel()
        await asyncio.gather(*self._handlers, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._handlers.add(task)
        self.connections += 1
        number = self.connections
        try:
            with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
                while await self._exchange(reader, writer, number):
                    pass
        finally:
            writer.close()
            self._handlers.discard(task)

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, number: int) -> bool:
        """One request and its reply. False when the connection ends."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        request_line, *lines = head.strip().split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        raw = await reader.readexactly(int(headers.get("content-length", 0)))
        self.requests.append(Seen(request_line.split(" ")[1], headers, json.loads(raw or b"{}"), number))
        reply = self._replies.popleft() if len(self._replies) > 1 else self._replies[0]
        if reply.hang_up:
            return False
        if reply.body is not None or reply.status != 200:
            await self._write_json(writer, reply)
            return reply.ending == "complete"
        return await self._stream(reader, writer, reply)

    async def _write_json(self, writer: asyncio.StreamWriter, reply: Reply) -> None:
        body = json.dumps(reply.body or {}).encode()
        missing = 9 if reply.ending == "cut" else 0
        headers = {"content-type": "application/json", "content-length": str(len(body) + missing), **reply.headers}
        writer.write(_head(reply.status, headers) + body[:10])
        await writer.drain()
        await asyncio.sleep(reply.pause_seconds)  # the body comes in two pieces, as over a real network
        writer.write(body[10:])
        await writer.drain()

    async def _stream(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, reply: Reply) -> bool:
        writer.write(_head(200, {"content-type": "text/event-stream", "transfer-encoding": "chunked", **reply.headers}))
        leaving = asyncio.ensure_future(reader.read(1))
        try:
            for event in reply.events:
                if reply.pause_seconds:
                    await asyncio.wait([leaving], timeout=reply.pause_seconds)
                if leaving.done():
                    self.client_left.set()
                    return False
                writer.write(b"%x\r\n%s\r\n" % (len(event), event))
                await writer.drain()
            if reply.ending == "stall":
                await leaving
                self.client_left.set()
            if reply.ending != "complete":
                return False
            writer.write(b"0\r\n\r\n")
            await writer.drain()
        finally:
            leaving.cancel()
            await asyncio.gather(leaving, return_exceptions=True)
        return True


def _head(status: int, headers: dict[str, str]) -> bytes:
    lines = [f"HTTP/1.1 {status} Fake", *(f"{name}: {value}" for name, value in headers.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")
