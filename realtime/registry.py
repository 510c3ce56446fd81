"""Topics that upper apps register in `AppConfig.ready()` (DESIGN 2.4)."""

from __future__ import annotations

from realtime.types import TopicHandler

_handlers: dict[str, TopicHandler] = {}


def register_topic(kind: str, handler: TopicHandler) -> None:
    """Answer for topics of this kind. Raises `ValueError` when the kind is taken by another handler."""
    if _handlers.get(kind, handler) != handler:
        raise ValueError(f"The topic {kind!r} is registered already.")
    _handlers[kind] = handler


def handler_for(kind: str) -> TopicHandler | None:
    return _handlers.get(kind)
