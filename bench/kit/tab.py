"""A browser's tab on a conversation: one live socket, one kept HTTP connection, one question after the other."""

from __future__ import annotations

import asyncio
import re
from bisect import bisect_right
from typing import Any
from uuid import uuid4

import orjson

from bench.kit.answer_log import AnswerLog
from bench.kit.answers import SEEDS, ends_of, text_of
from bench.kit.fake_provider import marker
from bench.kit.http import Client
from bench.kit.websocket import Socket, connect

MODEL = "openai_compatible:bench"
_CSRF = "x" * 32
_BODY = re.compile(r'<div[^>]*data-part="body"[^>]*>')
_STATUS = re.compile(r'data-status="(\w+)"')
_PATIENCE_SECONDS = 20
_METER_SECONDS = 0.4  # as the page's script waits
_HTMX = {"HX-Request": "true"}
_QUESTION = "Please write about the river, the bridges and the people who cross them, with a list and some code."


class Tab:
    """Keeps what it needs for the figures, checks the offsets as they come, the rest when the clock has stopped."""

    def __init__(self, person: dict[str, Any], number: int, host: str, port: int, tokens: int, rate: float) -> None:
        self.conversation: str = person["conversation"]
        self.user: str = person["user"]
        self.number = number
        self.tokens = tokens
        self.answers: list[AnswerLog] = []
        self.lost = ""
        self._host, self._port = host, port
        self._seconds = tokens / rate + _PATIENCE_SECONDS
        self._origin = f"http://{host}:{port}"
        self._cookie = f"sessionid={person['session']}; csrftoken={_CSRF}"
        self._browser = Client(host, port, {"Cookie": self._cookie, "Accept-Encoding": "gzip, deflate, br"})
        self._socket: Socket | None = None
        self._now: AnswerLog | None = None
        self._done = asyncio.Event()
        self._message = ""

    async def open(self, host: str, *, deflate: bool) -> None:
        path = f"/ws/?t=conversation:{self.conversation}&t=user:{self.user}"
        headers = {"Origin": self._origin, "Cookie": self._cookie}
        self._socket = await connect(host, self._port, path, headers, self._on_message, self._on_close, deflate=deflate)

    async def ask(self) -> None:
        """One question and its whole answer; what goes wrong is noted, never raised."""
        turn = len(self.answers)
        log = AnswerLog(f"{self.conversation}-{turn}", (self.number + turn) % SEEDS, self.tokens)
        self.answers.append(log)
        self._now, self._message = log, ""
        self._done.clear()
        fields = {"text": f"{_QUESTION} {marker(log.marker, log.seed, log.tokens)}", "client_key": str(uuid4()), "model": MODEL}
        headers = {**_HTMX, "X-CSRFToken": _CSRF, "Origin": self._origin}
        try:
            response = await self._browser.post(f"/c/{self.conversation}/", fields, headers)
        except (ConnectionError, TimeoutError) as error:
            log.faults.append(f"sending failed: {error!r}")
            return
        log.sent, log.posted = response.sent, response.received
        if response.status != 200:
            log.faults.append(f"sending was refused with {response.status}")
            await asyncio.sleep(1)
            return
        meter = asyncio.create_task(self._ask_meter(log))
        try:
            await asyncio.wait_for(self._done.wait(), self._seconds)
        except TimeoutError:
            log.faults.append("the answer did not end in time")
        await meter

    def delivered(self) -> int:
        """Tokens that have arrived so far."""
        whole = sum(log.tokens for log in self.answers if log.ended)
        return whole + sum(bisect_right(ends_of(log.seed, log.tokens), log.position) for log in self.answers[-1:] if not log.ended)

    def close(self) -> None:
        self._browser.close()
        if self._socket is not None:
            self._socket.close()

    def check(self, log: AnswerLog) -> None:
        """Compare the final message and the blocks on the way to it with the expected text, rendered whole."""
        from conversations.rendering import render

        if not log.ended:
            return
        text = text_of(log.seed, log.tokens)
        expected = render(text)
        if log.position != len(text):
            log.faults.append(f"the fragments brought {log.position} of {len(text)} characters")
        opening = _BODY.search(log.final)
        if opening is None or not log.final.startswith(expected, opening.end()):
            log.faults.append("the final text is wrong")
        if not expected.startswith("".join(log.closed)):
            log.faults.append("the closed blocks are wrong")

    async def _ask_meter(self, log: AnswerLog) -> None:
        """The page's usage meter, asked for when something was sent."""
        await asyncio.sleep(_METER_SECONDS)
        try:
            response = await self._browser.get("/usage/meter/", _HTMX)
        except (ConnectionError, TimeoutError) as error:
            log.faults.append(f"the meter failed: {error!r}")
            return
        if response.status != 200:
            log.faults.append(f"the meter was refused with {response.status}")

    def _on_message(self, payload: bytes, now: int) -> None:
        log = self._now
        if log is None:
            return
        event = orjson.loads(payload)
        if event["type"] == "delta":
            self._delta(log, event, now)
        elif event["type"] == "message" and 'data-role="assistant"' in event["html"]:
            status = _STATUS.search(event["html"])
            if status is None or status[1] in ("queued", "running"):
                self._message = event["message"]
            elif event["message"] == self._message:
                log.ended, log.final = now, event["html"]
                if status[1] != "completed":
                    log.faults.append(f"the answer ended as {status[1]}")
                self._done.set()

    def _delta(self, log: AnswerLog, event: dict[str, Any], now: int) -> None:
        if event["message"] != self._message or event["from"] != log.position or log.ended:
            log.faults.append(f"a fragment from {event['from']} came at {log.position}")
        log.position = event["to"]
        log.moments.append(now)
        if "closed" in event:
            log.closed.append(event["closed"])
        if "closed" in event or "tail" in event or "append" in event:
            log.shown.append(now)

    def _on_close(self, reason: str) -> None:
        self.lost = reason
        if self._now is not None and not self._now.ended:
            self._now.faults.append(f"the socket was lost: {reason}")
            self._done.set()
