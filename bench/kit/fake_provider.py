"""A provider that streams known answers at an exact pace (Chat Completions), for the other benchmarks."""

from __future__ import annotations

import argparse
import asyncio
import functools
import math
import re
import signal
import time
from typing import Any

import orjson

from bench.kit.answers import SEEDS, tokens_of

# In the question: which answer is wanted, and under which name its times are recorded.
MARKER = re.compile(r"\[bench marker=(?P<marker>\S+) seed=(?P<seed>\d+) tokens=(?P<tokens>\d+)\]")
_HEAD = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\nCache-Control: no-cache\r\n"
    b"Transfer-Encoding: chunked\r\nConnection: keep-alive\r\n\r\n"
)
_SLOT_SECONDS = 0.002


def marker(name: str, seed: int, tokens: int) -> str:
    """What a question has to contain."""
    return f"[bench marker={name} seed={seed % SEEDS} tokens={tokens}]"


def _chunk(data: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(data), data)


def _event(delta: dict[str, str] | None, reason: str | None = None, usage: dict[str, Any] | None = None) -> bytes:
    choices = [] if delta is None else [{"index": 0, "delta": delta, "logprobs": None, "finish_reason": reason}]
    body = {
        "id": "chatcmpl-bench-0123456789abcdef",
        "object": "chat.completion.chunk",
        "created": 1_790_000_000,
        "model": "bench",
        "system_fingerprint": "fp_bench",
        "choices": choices,
        "usage": usage,
    }
    return _chunk(b"data: " + orjson.dumps(body) + b"\n\n")


@functools.cache
def _frames(seed: int, count: int) -> tuple[bytes, ...]:
    return tuple(_event({"content": token}) for token in tokens_of(seed, count))


@functools.cache
def _ending(prompt_tokens: int, count: int) -> bytes:
    usage = {"prompt_tokens": prompt_tokens, "completion_tokens": count, "total_tokens": prompt_tokens + count}
    return _event({}, "stop") + _event(None, usage=usage) + _chunk(b"data: [DONE]\n\n") + b"0\r\n\r\n"


class Stream:
    """One answer on its way."""

    __slots__ = ("ending", "first_tick", "frames", "position", "record", "transport")

    def __init__(self, transport: asyncio.Transport, frames: tuple[bytes, ...], ending: bytes, record: list[int]) -> None:
        self.transport = transport
        self.frames = frames
        self.ending = ending
        self.record = record  # received, first token, last token (ns); tokens sent
        self.position = 0
        self.first_tick = 0


class Wheel:
    """One clock for all streams: tick `n` is due at `start + n * slot`, however late the ticks before it were."""

    def __init__(self, rate: float, delay_seconds: float) -> None:
        self.loop = asyncio.get_running_loop()
        self.delay = delay_seconds
        slots = max(1, round(1 / rate / _SLOT_SECONDS))
        self.slot_seconds = 1 / rate / slots
        self.slots: list[dict[Stream, None]] = [{} for _ in range(slots)]
        self.started = self.loop.time()
        self.tick = 0
        self.sent = 0
        self.latest_seconds = 0.0
        self._turn()

    def add(self, stream: Stream) -> None:
        due = self.loop.time() + self.delay - self.started
        stream.first_tick = max(self.tick, math.ceil(due / self.slot_seconds))
        self.slots[stream.first_tick % len(self.slots)][stream] = None

    def remove(self, stream: Stream) -> None:
        self.slots[stream.first_tick % len(self.slots)].pop(stream, None)

    def _turn(self) -> None:
        now = self.loop.time() - self.started
        self.latest_seconds = max(self.latest_seconds, now - self.tick * self.slot_seconds)
        while self.tick * self.slot_seconds <= now:
            streams = self.slots[self.tick % len(self.slots)]
            if streams:
                self._write(streams)
            self.tick += 1
        self.loop.call_at(self.started + self.tick * self.slot_seconds, self._turn)

    def _write(self, streams: dict[Stream, None]) -> None:
        done = []
        for stream in streams:
            if stream.first_tick > self.tick:
                continue
            position, record = stream.position, stream.record
            if position == 0:
                record[1] = time.time_ns()
            stream.transport.write(stream.frames[position])
            self.sent += 1
            stream.position = record[3] = position + 1
            if stream.position == len(stream.frames):
                record[2] = time.time_ns()
                stream.transport.write(stream.ending)
                done.append(stream)
        for stream in done:
            streams.pop(stream, None)


class Provider(asyncio.Protocol):
    """HTTP/1.1 with keep-alive, as much of it as a client of Chat Completions uses."""

    def __init__(self, wheel: Wheel, records: dict[str, list[int]]) -> None:
        self.wheel = wheel
        self.records = records
        self.buffer = b""
        self.stream: Stream | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def connection_lost(self, error: Exception | None) -> None:
        if self.stream is not None:
            self.wheel.remove(self.stream)

    def data_received(self, data: bytes) -> None:
        received = time.time_ns()
        self.buffer += data
        while (end := self.buffer.find(b"\r\n\r\n")) >= 0:
            head = self.buffer[:end].lower()
            length = re.search(rb"\r\ncontent-length: *(\d+)", head)
            size = end + 4 + (int(length[1]) if length else 0)
            if len(self.buffer) < size:
                return
            body, self.buffer = self.buffer[end + 4 : size], self.buffer[size:]
            self._answer(head.split(b" ", 2)[1].decode(), body, received)

    def _answer(self, path: str, body: bytes, received: int) -> None:
        if path == "/_records":
            self._json({"records": self.records, "sent": self.wheel.sent, "latest_ms": self.wheel.latest_seconds * 1000})
        elif path == "/_reset":
            self.records.clear()
            self.wheel.latest_seconds = 0.0
            self._json({})
        elif path == "/v1/models":
            self._json({"object": "list", "data": [{"id": "bench", "object": "model"}]})
        else:
            self._complete(orjson.loads(body), received)

    def _json(self, data: dict[str, Any]) -> None:
        body = orjson.dumps(data)
        self.transport.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body))

    def _complete(self, request: dict[str, Any], received: int) -> None:
        text = str(request["messages"][-1]["content"])
        prompt_tokens = sum(len(str(message["content"])) // 4 for message in request["messages"])
        wanted = MARKER.search(text) if not request["messages"][0]["content"].startswith("Name this conversation") else None
        if wanted is None:
            title = b"".join(_event({"content": token}) for token in ("A ", "short ", "title"))
            self.transport.write(_HEAD + title + _ending(prompt_tokens, 3))
            return
        count = int(wanted["tokens"])
        record = self.records[wanted["marker"]] = [received, 0, 0, 0]
        self.transport.write(_HEAD + _event({"role": "assistant", "content": ""}))
        self.stream = Stream(self.transport, _frames(int(wanted["seed"]), count), _ending(prompt_tokens, count), record)
        self.wheel.add(self.stream)


async def serve(host: str, port: int, rate: float, delay_seconds: float) -> None:
    """Until SIGTERM or SIGINT. Prints the port once it listens."""
    loop = asyncio.get_running_loop()
    wheel, records = Wheel(rate, delay_seconds), dict[str, list[int]]()
    server = await loop.create_server(lambda: Provider(wheel, records), host, port, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await stop.wait()


def main() -> None:
    parser = argparse.ArgumentParser(prog="bin/bench fake_provider", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="0: any free one")
    parser.add_argument("--rate", type=float, default=50.0, help="tokens a second in each stream")
    parser.add_argument("--delay", type=float, default=0.05, help="seconds to the first token")
    options = parser.parse_args()
    asyncio.run(serve(options.host, options.port, options.rate, options.delay))


if __name__ == "__main__":
    main()
