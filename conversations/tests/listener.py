"""Hears what pages are told, over the real wire."""

from __future__ import annotations

from typing import Any

import orjson

from core.ids import uuid7
from core.redis import get_redis
from realtime import wire
from realtime.types import Topic


class Listener:
    """Every live event of this test process since the last question."""

    def __init__(self) -> None:
        self._sub = get_redis().pubsub(ignore_subscribe_messages=True)  # type: ignore[no-untyped-call]
        self._sub.psubscribe(f"{wire.PREFIX}*")
        self._sub.get_message(timeout=5)  # the confirmation

    def events(self) -> list[dict[str, Any]]:
        end = Topic("end", uuid7())
        get_redis().publish(wire.channel(end), b"")
        found: list[dict[str, Any]] = []
        while True:
            message = self._sub.get_message(timeout=5)
            if message is None:
                continue
            if message["channel"] == wire.channel(end).encode():
                return found
            if message["data"] != wire.RECHECK:
                found.append(orjson.loads(message["data"]))

    def close(self) -> None:
        self._sub.close()
