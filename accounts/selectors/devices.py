"""Where somebody is signed in."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from accounts.devices import HANDHELD, device_name, device_system
from accounts.models import DeviceSession
from accounts.types import Device
from core.sessions import session_mark

_NOW = timedelta(minutes=10)


def devices_of(user_id: UUID, current_key: str | None) -> list[Device]:
    """The person's sessions that have not ended, this one first, then by their last use; none that are half way in. One query."""
    now = timezone.now()
    rows = DeviceSession.objects.filter(user_id=user_id, signed_in_at__isnull=False, expire_date__gt=now).order_by("-last_seen_at")
    found = [
        Device(
            id=session_mark(row.session_key),
            name=device_name(row.agent),
            handheld=device_system(row.agent) in HANDHELD,
            current=row.session_key == current_key,
            active=now - row.last_seen_at < _NOW,
            signed_in_at=row.signed_in_at,
            last_seen_at=row.last_seen_at,
        )
        for row in rows.only("session_key", "agent", "signed_in_at", "last_seen_at")
    ]
    return sorted(found, key=lambda device: not device.current)
