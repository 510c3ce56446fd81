"""How events travel: one JSON text for each, over a Redis channel for each topic."""

from __future__ import annotations

import orjson

from realtime.types import LiveEvent, Topic

PREFIX = "live:"  # Redis has one room for all channels, whatever the number of the database
# A message that starts with this byte is for the web processes, not for pages: look again who may listen.
RECHECK = b"!recheck"


def channel(topic: Topic | str) -> str:
    """The Redis channel of a topic, for a sender that writes many events in a pipeline of its own."""
    return f"{PREFIX}{topic}"


def encode(event: LiveEvent) -> bytes:
    """The event as JSON: `{"type": ..., "topic": "kind:uuid", ...data}`."""
    return orjson.dumps({"type": event.type, "topic": str(event.topic), **event.data})
