"""The doors of notifications for other apps."""

from notifications.services.notify import notify
from notifications.services.send_due import send_due
from notifications.services.set_muted_topics import set_muted_topics
from notifications.services.try_again import try_again

__all__ = ["notify", "send_due", "set_muted_topics", "try_again"]
