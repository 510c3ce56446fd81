"""What others may know of a session: never its key."""

from __future__ import annotations

import hashlib
from uuid import UUID


def session_mark(session_key: str) -> UUID:
    """A name for a session that can stand in an address or a channel: whoever sees it cannot use the session.

    Keys are random and long, so a plain hash cannot be turned back.
    """
    return UUID(bytes=hashlib.sha256(session_key.encode()).digest()[:16])
