"""What daphne would hold in memory as a whole: a large answer for a slow reader, a large form.

A streamed answer waits for its reader: daphne writes whatever it gets into the connection's buffer, without end. And forms are read by
Django, in pieces: Twisted would read and parse all of every form first, in the event loop, for nobody.
"""

from __future__ import annotations

import asyncio
from typing import Any

from daphne.http_protocol import WebRequest
from daphne.server import Server
from twisted.internet.interfaces import IPushProducer
from zope.interface import implementer


class UnreadRequest(WebRequest):  # type: ignore[misc]
    """Daphne's request, whose body is a file that nobody has read."""

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **{**more, "parsePOSTFormSubmission": False})


@implementer(IPushProducer)
class Gate:
    """Closed by Twisted while the connection's buffer is full; open for good when the connection is gone."""

    def __init__(self) -> None:
        self._open = asyncio.Event()
        self._open.set()

    def pauseProducing(self) -> None:
        self._open.clear()

    def resumeProducing(self) -> None:
        self._open.set()

    def stopProducing(self) -> None:
        self._open.set()

    async def passed(self) -> None:
        await self._open.wait()


class PacedServer(Server):  # type: ignore[misc]
    """Daphne's server, whose `send` returns when there is room for more."""

    async def handle_reply(self, protocol: Any, message: dict[str, Any]) -> None:
        more = message["type"] == "http.response.body" and message.get("more_body", False)
        gate: Gate | None = getattr(protocol, "gate", None)
        if gate is None and more and isinstance(protocol, WebRequest) and protocol.channel is not None and not protocol.finished:
            gate = protocol.gate = Gate()
            protocol.registerProducer(gate, True)  # before anything is written, so that it hears when the buffer is full
        elif gate is not None and not more and protocol.channel is not None:
            protocol.unregisterProducer()  # before the answer is finished, as Twisted wants
        await super().handle_reply(protocol, message)
        if gate is not None and more:
            await gate.passed()


def keep_memory_flat() -> None:
    """Make daphne's command line use `PacedServer` and `UnreadRequest`. For the web process; anywhere else it does no harm."""
    from daphne import http_protocol
    from daphne.cli import CommandLineInterface

    CommandLineInterface.server_class = PacedServer
    http_protocol.WebRequest = UnreadRequest
