"""Who wants to hear what happens to accounts; upper apps register in `AppConfig.ready()` (ADR 9)."""

from __future__ import annotations

from collections.abc import Callable

from accounts.types import SecurityNews

Listener = Callable[[SecurityNews], None]
_listeners: dict[Listener, None] = {}


def add_security_listener(listener: Listener) -> None:
    """Have `listener` called with every security event, in its transaction: it may write, and must not wait for anything outside.

    What it raises undoes the event and the change. Registering twice counts once.
    """
    _listeners[listener] = None


def tell_listeners(news: SecurityNews) -> None:
    for listener in _listeners:
        listener(news)
