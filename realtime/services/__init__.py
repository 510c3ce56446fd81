"""The doors of the wire."""

from realtime.registry import register_topic
from realtime.services.publish import close_sessions, publish, publish_on_commit, recheck_access
from realtime.wire import channel

__all__ = ["channel", "close_sessions", "publish", "publish_on_commit", "recheck_access", "register_topic"]
