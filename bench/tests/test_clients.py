"""The lean clients speak the protocols as servers of others do."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from websockets.asyncio.server import Server, ServerConnection, serve

from bench.kit.figures import percentile, spread, table
from bench.kit.http import Client
from bench.kit.websocket import Socket, connect

HOST = "127.0.0.1"


async def echo(connection: ServerConnection) -> None:
    async for message in connection:
        await connection.ping()
        await connection.send(message)


@pytest.fixture(params=["deflate", None], ids=["deflate", "plain"])
async def server(request: pytest.FixtureRequest) -> AsyncIterator[Server]:
    async with serve(echo, HOST, 0, compression=request.param) as running:
        yield running


async def open_socket(server: Server, heard: asyncio.Queue[bytes], *, deflate: bool = True) -> Socket:
    port = next(iter(server.sockets)).getsockname()[1]
    return await connect(HOST, port, "/", {}, lambda payload, now: heard.put_nowait(payload), lambda reason: None, deflate=deflate)


@pytest.mark.parametrize("size", [0, 5, 125, 126, 5_000, 60_000])
async def test_messages_of_every_length_come_back(server: Server, size: int) -> None:
    heard: asyncio.Queue[bytes] = asyncio.Queue()
    socket = await open_socket(server, heard)
    for letter in "xy":
        socket.send(letter * size)
    assert [await heard.get(), await heard.get()] == [b"x" * size, b"y" * size]
    socket.close()


async def test_a_refused_handshake_is_an_error(unused_tcp_port: int) -> None:
    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(refuse, HOST, unused_tcp_port):
        with pytest.raises(ConnectionError, match="403"):
            await connect(HOST, unused_tcp_port, "/", {}, lambda payload, now: None, lambda reason: None)


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
    ],
    ids=["length", "chunked"],
)
async def test_answers_may_arrive_in_pieces_and_the_connection_is_kept(unused_tcp_port: int, answer: bytes) -> None:
    connections = 0

    async def respond(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        while await reader.readuntil(b"\r\n\r\n"):
            for position in range(len(answer)):
                writer.write(answer[position : position + 1])
                await writer.drain()

    async with await asyncio.start_server(respond, HOST, unused_tcp_port):
        client = Client(HOST, unused_tcp_port, {})
        first, second = await client.get("/"), await client.get("/", {"X-More": "1"})
        client.close()
    assert first.status == second.status == 200
    assert b"hello" in second.body
    assert connections == 1


def test_percentiles_are_values_that_occurred() -> None:
    values = [float(number) for number in range(1, 101)]
    assert (percentile(values, 50), percentile(values, 95), percentile(values, 99)) == (50, 95, 99)
    assert percentile([7.0], 95) == 7.0
    assert percentile([], 95) == 0.0
    assert spread([3.0, 1.0, 2.0], 50, 95) == {"p50": 2.0, "p95": 3.0}


def test_a_table_lines_up() -> None:
    assert table(("", "ms"), [("a", 1), ("long", 100)]).splitlines() == ["       ms", "----  ---", "a       1", "long  100"]
