"""A reader of the bare relay."""

from __future__ import annotations

import asyncio
import time

import orjson

from bench.kit.answer_log import AnswerLog
from bench.kit.answers import SEEDS, text_of
from bench.kit.fake_provider import marker
from bench.kit.websocket import Socket, connect

QUESTION_END = "[END]"
_END = QUESTION_END.encode()


class FloorTab:
    """One socket to the relay; asks one question after the other."""

    def __init__(self, number: int, port: int, tokens: int) -> None:
        self.number = number
        self.port = port
        self.tokens = tokens
        self.answers: list[AnswerLog] = []
        self.lost = ""
        self._now: AnswerLog | None = None
        self._done = asyncio.Event()
        self._socket: Socket | None = None
        self._text: list[bytes] = []

    async def open(self, host: str, *, deflate: bool) -> None:
        self._socket = await connect(host, self.port, "/", {}, self._on_message, self._on_close, deflate=deflate)

    async def ask(self) -> None:
        """One question and its whole answer."""
        assert self._socket is not None
        turn = len(self.answers)
        log = AnswerLog(f"floor-{self.number}-{turn}", (self.number + turn) % SEEDS, self.tokens)
        self.answers.append(log)
        self._now, self._text = log, []
        self._done.clear()
        log.sent = log.posted = time.time_ns()
        self._socket.send(f"Tell me more. {marker(log.marker, log.seed, log.tokens)}")
        await self._done.wait()

    def delivered(self) -> int:
        """Tokens that have arrived so far."""
        return sum(log.position for log in self.answers)

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()

    def check(self, log: AnswerLog) -> None:
        """Compare what arrived with what was sent; off the clock."""
        chunks = [orjson.loads(part) for part in log.final.splitlines()]
        text = "".join(chunk["choices"][0]["delta"].get("content", "") for chunk in chunks if chunk["choices"])
        if log.ended and text != text_of(log.seed, log.tokens):
            log.faults.append("the text is wrong")

    def _on_message(self, payload: bytes, now: int) -> None:
        log = self._now
        if log is None or log.ended:
            return
        if payload == _END:
            log.ended = now
            log.final = b"\n".join(self._text).decode()
            self._done.set()
        elif payload[:1] == b"{":
            self._text.append(payload)
            if b'"content":"' in payload and b'"content":""' not in payload:
                log.moments.append(now)
                log.position += 1

    def _on_close(self, reason: str) -> None:
        if self._now is not None and not self._now.ended:
            self._now.faults.append(f"the socket was lost: {reason}")
            self._done.set()
