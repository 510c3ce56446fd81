"""A WebSocket client that costs next to nothing: raw frames, one callback a message."""

from __future__ import annotations

import asyncio
import base64
import os
import time
import zlib
from collections.abc import Callable, Mapping

_MASK = b"\x00\x00\x00\x00"  # a client has to mask; masking with zeros changes nothing
_TAIL = b"\x00\x00\xff\xff"

OnMessage = Callable[[bytes, int], None]


class Socket(asyncio.Protocol):
    """Calls `on_message(payload, nanoseconds)` for each message, `on_close(reason)` once."""

    def __init__(self, request: bytes, on_message: OnMessage, on_close: Callable[[str], None]) -> None:
        self._request = request
        self._on_message = on_message
        self._on_close = on_close
        self._buffer = bytearray()
        self._parts: list[bytes] = []
        self._compressed = False
        self._inflate = zlib.decompressobj(-15)
        self._open = False
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.received_bytes = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.write(self._request)

    def connection_lost(self, error: Exception | None) -> None:
        self._open = False
        if not self.opened.done():
            self.opened.set_exception(ConnectionError(f"the socket was closed in its handshake: {bytes(self._buffer[:200])!r}"))
        self._on_close(repr(error) if error else "closed")

    def send(self, text: str) -> None:
        payload = text.encode()
        size = bytes([0x80 | len(payload)]) if len(payload) < 126 else b"\xfe" + len(payload).to_bytes(2, "big")
        self._transport.write(b"\x81" + size + _MASK + payload)

    def close(self) -> None:
        if self._open:
            self._transport.write(b"\x88\x82" + _MASK + (1000).to_bytes(2, "big"))
        self._transport.close()

    def data_received(self, data: bytes) -> None:
        now = time.time_ns()
        self.received_bytes += len(data)
        self._buffer += data
        if not self._open and not self._handshake():
            return
        self._read_frames(now)

    def _handshake(self) -> bool:
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            return False
        if not self._buffer.startswith(b"HTTP/1.1 101"):
            self._transport.close()
            return False
        del self._buffer[: end + 4]
        self._open = True
        self.opened.set_result(None)
        return True

    def _read_frames(self, now: int) -> None:
        buffer, position = self._buffer, 0
        while len(buffer) - position >= 2:
            first, length, start = buffer[position], buffer[position + 1] & 0x7F, position + 2
            if length >= 126:
                size = 2 if length == 126 else 8
                if len(buffer) < start + size:
                    break
                length = int.from_bytes(buffer[start : start + size], "big")
                start += size
            if len(buffer) < start + length:
                break
            self._frame(first, bytes(buffer[start : start + length]), now)
            position = start + length
        del buffer[:position]

    def _frame(self, first: int, payload: bytes, now: int) -> None:
        opcode = first & 0x0F
        if opcode in (0, 1, 2):
            if opcode:
                self._compressed = bool(first & 0x40)
            self._parts.append(payload)
            if first & 0x80:
                whole = b"".join(self._parts)
                self._parts.clear()
                if self._compressed:
                    whole = self._inflate.decompress(whole + _TAIL)
                self._on_message(whole, now)
        elif opcode == 9:
            self._transport.write(bytes([0x8A, 0x80 | len(payload)]) + _MASK + payload)
        elif opcode == 8:
            self._on_close(f"closed by the server with {int.from_bytes(payload[:2], 'big')}")
            self._transport.close()


async def connect(
    host: str,
    port: int,
    path: str,
    headers: Mapping[str, str],
    on_message: OnMessage,
    on_close: Callable[[str], None],
    *,
    deflate: bool = False,
) -> Socket:
    """An open socket. Raises `ConnectionError` when the server refuses it."""
    lines = [
        f"GET {path} HTTP/1.1",
        f"Host: {host}:{port}",
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}",
        *(["Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits"] if deflate else []),
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    request = ("\r\n".join(lines) + "\r\n\r\n").encode()
    _, socket = await asyncio.get_running_loop().create_connection(lambda: Socket(request, on_message, on_close), host, port)
    await asyncio.wait_for(socket.opened, 30)
    return socket
