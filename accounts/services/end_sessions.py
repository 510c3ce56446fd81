"""Sessions end: all of a person's, all but one, or one."""

from __future__ import annotations

from uuid import UUID

from accounts.models import DeviceSession
from accounts.signals import sessions_ended
from core.exceptions import NotFound
from core.sessions import session_mark


def end_sessions(user_id: UUID, *, keep: str | None = None) -> int:
    """End every session of the person but the one with the key `keep`; returns how many.

    Their next requests are those of somebody signed out; their sockets close at once (`sessions_ended`).
    """
    rows = DeviceSession.objects.filter(user_id=user_id)
    return _end([key for key in rows.values_list("session_key", flat=True) if key != keep])


def end_session(user_id: UUID, mark: UUID) -> None:
    """End the person's one session with this mark (`core.sessions`). Raises `NotFound`."""
    keys = DeviceSession.objects.filter(user_id=user_id).values_list("session_key", flat=True)
    if not _end([key for key in keys if session_mark(key) == mark]):
        raise NotFound("That device is signed out already.")


def _end(keys: list[str]) -> int:
    if keys:
        DeviceSession.objects.filter(session_key__in=keys).delete()
        sessions_ended.send(DeviceSession, keys=keys)
    return len(keys)
