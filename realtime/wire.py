"""How events travel: one JSON text for each, over a Redis channel for each topic."""

from __future__ import annotations

import orjson

from realtime.types import LiveEvent, Topic

_PREFIX = "live:"
# A message that starts with this byte is for the web processes, not for pages: look again who may listen.
RECHECK = b"!recheck"


def channel(topic: Topic) -> str:
    """The Redis channel of a topic, for a sender that writes many events in a pipeline of its own."""
    return f"{_PREFIX}{topic}"


def topic_of(channel_name: bytes) -> str:
    return channel_name.decode()[len(_PREFIX) :]


def encode(event: LiveEvent) -> bytes:
    """The event as JSON: `{"type": ..., "topic": "kind:uuid", ...data}`."""
    return orjson.dumps({"type": event.type, "topic": str(event.topic), **event.data})
