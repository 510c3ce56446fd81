"""An HTTP/1.1 client that costs next to nothing: one kept connection, one request at a time."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding: *chunked", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Response:
    """`sent`, `received`: `time.time_ns()` of the request's first and the answer's last byte. The body is as it came, perhaps gzip."""

    status: int
    head: bytes
    body: bytes
    sent: int
    received: int

    @property
    def milliseconds(self) -> float:
        return (self.received - self.sent) / 1e6


class _Connection(asyncio.Protocol):
    def __init__(self) -> None:
        self.transport: asyncio.Transport | None = None
        self.answer: asyncio.Future[Response] | None = None
        self.buffer = b""
        self.sent = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def connection_lost(self, error: Exception | None) -> None:
        self.transport = None
        if self.answer is not None and not self.answer.done():
            self.answer.set_exception(ConnectionError(f"the server closed the connection ({error!r})"))

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        end = self.buffer.find(b"\r\n\r\n")
        if end < 0 or self.answer is None or self.answer.done():
            return
        head, body = self.buffer[: end + 2], self.buffer[end + 4 :]
        length = _LENGTH.search(head)
        if length and len(body) < int(length[1]):
            return
        if not length and _CHUNKED.search(head) and not body.endswith(b"0\r\n\r\n"):
            return
        self.buffer = b""
        self.answer.set_result(Response(int(head[9:12]), head, body, self.sent, time.time_ns()))


class Client:
    """One browser: its own connection, opened when it is needed. Requests are made one after the other."""

    def __init__(self, host: str, port: int, headers: Mapping[str, str]) -> None:
        self.host = host
        self.port = port
        self._headers = _lines({"Host": f"{host}:{port}", **headers})
        self._connection: _Connection | None = None

    async def get(self, path: str, headers: Mapping[str, str] | None = None) -> Response:
        return await self._request(f"GET {path} HTTP/1.1\r\n{self._headers}{_lines(headers or {})}\r\n".encode())

    async def post(self, path: str, fields: Mapping[str, str], headers: Mapping[str, str]) -> Response:
        body = urlencode(fields).encode()
        kind = f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
        return await self._request(f"POST {path} HTTP/1.1\r\n{self._headers}{_lines(headers)}{kind}\r\n".encode() + body)

    def close(self) -> None:
        if self._connection is not None and self._connection.transport is not None:
            self._connection.transport.close()

    async def _request(self, data: bytes) -> Response:
        connection = self._connection
        if connection is None or connection.transport is None:
            _, connection = await asyncio.get_running_loop().create_connection(_Connection, self.host, self.port)
            self._connection = connection
        assert connection.transport is not None
        connection.answer = asyncio.get_running_loop().create_future()
        connection.sent = time.time_ns()
        connection.transport.write(data)
        return await asyncio.wait_for(connection.answer, 60)


def _lines(headers: Mapping[str, str]) -> str:
    return "".join(f"{name}: {value}\r\n" for name, value in headers.items())
