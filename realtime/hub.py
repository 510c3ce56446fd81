"""One pub/sub connection a web process, fanned out to its sockets."""

from __future__ import annotations

import asyncio
import logging
from typing import Protocol
from weakref import WeakKeyDictionary

import redis.asyncio
from django.conf import settings

from realtime import wire

logger = logging.getLogger(__name__)
_RECONNECT_SECONDS = (0.1, 0.2, 0.5, 1.0, 2.0)
_hubs: WeakKeyDictionary[asyncio.AbstractEventLoop, Hub] = WeakKeyDictionary()


class Listener(Protocol):
    """A socket, as the hub sees it. Neither call may block."""

    def deliver(self, payload: bytes) -> None:
        """Queue one message for the page."""
        ...

    def resync(self) -> None:
        """Messages may have been missed: tell the page again what is true now."""
        ...

    def recheck(self) -> None:
        """Access may have changed: authorise again, close when it is gone."""
        ...


class Hub:
    """Subscribes to a topic's channel while at least one socket of this process listens to it."""

    def __init__(self) -> None:
        self._listeners: dict[bytes, set[Listener]] = {}
        self._confirmed: dict[bytes, asyncio.Event] = {}
        self._client = redis.asyncio.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=3)
        self._pubsub = self._client.pubsub()
        self._task: asyncio.Task[None] | None = None
        self._connected = asyncio.Event()

    async def subscribe(self, listener: Listener, topics: list[str]) -> None:
        """Start delivering. Returns once Redis confirmed, so that a snapshot read after this misses nothing.

        Raises `redis.ConnectionError` or `TimeoutError` when Redis does not answer within 5 s.
        """
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run(), name="live-hub")
        async with asyncio.timeout(5):
            await self._connected.wait()
            names = [wire.channel(topic).encode() for topic in topics]
            new = [name for name in names if name not in self._listeners]
            for name in names:
                self._listeners.setdefault(name, set()).add(listener)
                self._confirmed.setdefault(name, asyncio.Event())
            if new:
                await self._pubsub.subscribe(*new)
            for name in names:
                await self._confirmed[name].wait()

    async def unsubscribe(self, listener: Listener, topics: list[str]) -> None:
        """Stop delivering. Never fails: a broken connection has no subscriptions anyway."""
        gone = []
        for topic in topics:
            name = wire.channel(topic).encode()
            listeners = self._listeners.get(name)
            if listeners is None:
                continue
            listeners.discard(listener)
            if not listeners:
                del self._listeners[name]
                self._confirmed.pop(name, None)
                gone.append(name)
        if gone:
            try:
                await self._pubsub.unsubscribe(*gone)
            except (redis.RedisError, OSError) as error:
                logger.debug("Unsubscribing failed", extra={"cause": repr(error)})

    async def _run(self) -> None:
        """Read for ever; reconnect, subscribe again and let every page resynchronise after a loss."""
        failures = 0
        while True:
            try:
                await self._connect()
                if failures:
                    logger.info("The live service is back")
                    for listener in {one for listeners in self._listeners.values() for one in listeners}:
                        listener.resync()
                failures = 0
                while True:
                    self._handle(await self._pubsub.parse_response(block=True))
            except (redis.RedisError, OSError, TimeoutError) as error:
                self._connected.clear()
                if failures == 0:
                    logger.warning("The live service is away; reconnecting", extra={"cause": repr(error)})
                await asyncio.sleep(_RECONNECT_SECONDS[min(failures, len(_RECONNECT_SECONDS) - 1)])
                failures += 1

    async def _connect(self) -> None:
        await self._pubsub.aclose()  # type: ignore[no-untyped-call]
        self._pubsub = self._client.pubsub()
        # The connection exists from the first subscription on; this name keeps it open when nobody listens.
        names = [wire.channel("hub").encode(), *self._listeners]
        await self._pubsub.subscribe(*names)
        self._connected.set()

    def _handle(self, response: object) -> None:
        if not isinstance(response, list) or len(response) < 3:
            return
        kind, name, payload = response[0], response[1], response[2]
        if kind == b"message":
            listeners = self._listeners.get(name)
            if not listeners:
                return
            if payload == wire.RECHECK:
                for listener in tuple(listeners):
                    listener.recheck()
                return
            for listener in tuple(listeners):
                listener.deliver(payload)
        elif kind == b"subscribe":
            event = self._confirmed.get(name)
            if event is not None:
                event.set()


def get_hub() -> Hub:
    """The hub of the running loop."""
    loop = asyncio.get_running_loop()
    hub = _hubs.get(loop)
    if hub is None:
        hub = _hubs[loop] = Hub()
    return hub
