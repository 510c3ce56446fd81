"""The doors of the wire."""

from realtime.registry import register_topic
from realtime.services.publish import publish, publish_on_commit, recheck_access

__all__ = ["publish", "publish_on_commit", "recheck_access", "register_topic"]
