"""Where people are signed in."""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils import timezone

from accounts.models.people import User


class DeviceSession(AbstractBaseSession):
    """A session that knows whose it is and in which browser; of somebody signed out, nobody's. Written by `accounts.sessions`.

    One without `signed_in_at` waits for a second step, or for the proof of an address: it opens nothing yet, and ends with the others.
    """

    # No constraint in the database: a request of somebody who is being erased may save its session once more.
    user = models.ForeignKey(User, null=True, on_delete=models.CASCADE, db_constraint=False, related_name="device_sessions")
    agent = models.CharField(max_length=300, blank=True, help_text="What the browser says of itself.")
    signed_in_at = models.DateTimeField(null=True)
    last_seen_at = models.DateTimeField(default=timezone.now)

    class Meta(AbstractBaseSession.Meta):
        abstract = False
        verbose_name = "session"
        verbose_name_plural = "sessions"

    @classmethod
    def get_session_store_class(cls) -> Any:
        from accounts.sessions import SessionStore

        return SessionStore
