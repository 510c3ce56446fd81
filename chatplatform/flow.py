"""A streamed answer waits for its reader. Daphne writes whatever it gets into the connection's buffer, without end: a large export
to a slow reader would lie in memory as a whole."""

from __future__ import annotations

import asyncio
from typing import Any

from daphne.http_protocol import WebRequest
from daphne.server import Server
from twisted.internet.interfaces import IPushProducer
from zope.interface import implementer


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


def follow_the_readers_pace() -> None:
    """Make daphne's command line use `PacedServer`. For the web process; anywhere else it does no harm."""
    from daphne.cli import CommandLineInterface

    CommandLineInterface.server_class = PacedServer
