"""The one WebSocket of a page: read-only, many topics."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID

import redis
from channels.consumer import AsyncConsumer
from channels.exceptions import StopConsumer
from django.contrib.auth import get_user_model
from django.db import Error as DatabaseError
from django.utils import timezone
from psycopg_pool import PoolTimeout

from core.db_pool import in_db
from realtime import wire
from realtime.hub import get_hub
from realtime.registry import handler_for
from realtime.types import LiveEvent, Topic, session_topic

logger = logging.getLogger(__name__)

MAX_TOPICS = 8
MAX_QUEUED = 512
# Close codes of our own (RFC 6455 leaves 4000-4999 to applications). A page does not reconnect after these.
SIGN_IN, FORBIDDEN, NOT_FOUND, BAD_REQUEST = 4401, 4403, 4404, 4400
# And after this one it does, by itself. (1013 of the RFC's registry is refused by servers on sockets that are open.)
TRY_AGAIN = 4503


class LiveConsumer(AsyncConsumer):  # type: ignore[misc]
    """`/ws/?t=<topic>&t=<topic>`: authorises every topic, subscribes, says what is true now, then relays.

    The order matters: a page that compares the state events with what it shows can have missed nothing. What a
    page sends is ignored: all writes are POSTs.
    """

    async def websocket_connect(self, message: dict[str, Any]) -> None:
        self.queue: deque[bytes] = deque()
        self.waiting = asyncio.Event()
        self.sender: asyncio.Task[None] | None = None
        self.topics: list[Topic] = []
        self.channels: list[str] = []
        self.background: set[asyncio.Task[None]] = set()
        await self._open()

    async def _open(self) -> None:
        user = self.scope["user"]
        if not user.is_authenticated:
            return await self._refuse(SIGN_IN)
        self.user_id: UUID = user.pk
        asked = parse_qs(self.scope["query_string"].decode("latin-1")).get("t", [])
        topics = [topic for topic in map(Topic.parse, asked) if topic is not None]
        if not topics or len(topics) != len(asked) or len(topics) > MAX_TOPICS:
            return await self._refuse(BAD_REQUEST)
        try:
            if not await in_db(self._authorised, topics):
                return await self._refuse(NOT_FOUND)
            self.topics = topics
            self.channels = [str(topic) for topic in (*topics, session_topic(self.scope["session"].session_key))]
            await get_hub().subscribe(self, self.channels)
            # Asked once more: what ended before the subscription stood is not heard of.
            if not await in_db(self._signed_in):
                return await self._refuse(SIGN_IN)
            await self.send({"type": "websocket.accept"})
            await self._send_state()
        except (redis.RedisError, DatabaseError, PoolTimeout, OSError) as error:
            logger.warning("A socket could not be opened; the page tries again", extra={"cause": repr(error)})
            return await self._refuse(TRY_AGAIN)
        self.sender = asyncio.create_task(self._relay())

    async def _refuse(self, code: int) -> None:
        # Accept first: a browser cannot read the code of a refused handshake, and would try again for ever.
        if code in (SIGN_IN, BAD_REQUEST, NOT_FOUND):
            await self.send({"type": "websocket.accept"})
        await self.send({"type": "websocket.close", "code": code})

    async def websocket_receive(self, message: dict[str, Any]) -> None:
        """Read-only: whatever a page says is dropped."""

    async def websocket_disconnect(self, message: dict[str, Any]) -> None:
        for task in (self.sender, *self.background):
            if task is not None:
                task.cancel()
        if self.channels:
            await get_hub().unsubscribe(self, self.channels)
        raise StopConsumer

    # --- Listener ---------------------------------------------------------------------------------------------

    def deliver(self, payload: bytes) -> None:
        if len(self.queue) >= MAX_QUEUED:
            # The page reads slower than it is written to. What waits is worthless once it asks for the state anew.
            self.queue.clear()
            self.resync()
            return
        self.queue.append(payload)
        self.waiting.set()

    def resync(self) -> None:
        self._spawn(self._send_state())

    def recheck(self) -> None:
        self._spawn(self._recheck())

    # --- details ----------------------------------------------------------------------------------------------

    def _spawn(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self.background.add(task)
        task.add_done_callback(self.background.discard)

    async def _relay(self) -> None:
        queue, waiting, send = self.queue, self.waiting, self.send
        while True:
            await waiting.wait()
            waiting.clear()
            while queue:
                await send({"type": "websocket.send", "text": queue.popleft().decode()})

    async def _send_state(self) -> None:
        for event in await in_db(self._state, self.topics):
            self.queue.append(wire.encode(event))
        self.waiting.set()

    async def _recheck(self) -> None:
        try:
            if not await in_db(self._signed_in):
                # The page connects again: with a new session when the browser has one (a changed password), else it hears 4401.
                await self.send({"type": "websocket.close", "code": TRY_AGAIN})
            elif not await in_db(self._authorised, self.topics):
                await self.send({"type": "websocket.close", "code": NOT_FOUND})
        except (DatabaseError, PoolTimeout):
            # Not provable now: the page connects again and is asked then.
            await self.send({"type": "websocket.close", "code": TRY_AGAIN})

    def _signed_in(self) -> bool:
        session = self.scope["session"]
        alive: bool = session.model.objects.filter(session_key=session.session_key, expire_date__gt=timezone.now()).exists()
        return alive and get_user_model()._default_manager.filter(pk=self.user_id, is_active=True).exists()

    def _authorised(self, topics: Sequence[Topic]) -> bool:
        for topic in topics:
            handler = handler_for(topic.kind)
            if handler is None or not handler.authorize(self.user_id, topic.id):
                return False
        return True

    def _state(self, topics: Sequence[Topic]) -> list[LiveEvent]:
        events: list[LiveEvent] = []
        for topic in topics:
            handler = handler_for(topic.kind)
            if handler is not None:
                events.extend(handler.state(self.user_id, topic.id))
        return events
