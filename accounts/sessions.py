"""`SESSION_ENGINE`: sessions in the database, in rows that say whose they are and in which browser."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.utils import timezone

from accounts.signals import sessions_ended

# What a sign-in leaves in the session (accounts/receivers.py); it stays when the key changes.
AGENT, SIGNED_IN_AT = "agent", "signed_in_at"
# Where a second step or the proof of an address is still missing (allauth): a session of that person already, and it names their address.
_PROVED, _HALF_WAY = "account_authentication_methods_user", "account_login"
SEEN_EVERY = timedelta(minutes=5)


class SessionStore(db.SessionStore):
    """Django's, and: each use is noted (once in five minutes), each end is told (`sessions_ended`)."""

    @classmethod
    def get_model_class(cls) -> Any:
        from accounts.models import DeviceSession  # the models need the application registry

        return DeviceSession

    def _validate_session_key(self, key: str | None) -> bool:
        """What no session can be called is none: a cookie may hold anything, also what the database refuses to look for."""
        return bool(super()._validate_session_key(key) and key and key.isascii() and key.isalnum())  # type: ignore[misc]

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        row: Any = super().create_model_instance(data)
        row.user_id = data.get(SESSION_KEY) or data.get(_PROVED) or (data.get(_HALF_WAY) or {}).get("user_pk")
        row.agent = data.get(AGENT, "")
        row.signed_in_at = datetime.fromisoformat(data[SIGNED_IN_AT]) if SIGNED_IN_AT in data else None
        return row

    def load(self) -> dict[str, Any]:
        row = self._get_session_from_db()  # type: ignore[attr-defined]
        if row is None:
            return {}
        now = timezone.now()
        if now - row.last_seen_at > SEEN_EVERY:
            self.get_model_class().objects.filter(session_key=row.session_key).update(last_seen_at=now)
        return self.decode(row.session_data)

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        super().delete(session_key)
        if key:
            sessions_ended.send(type(self), keys=[key])
