"""Keep an uploaded report for the time between its preview and the confirmation: in no table, in nobody's files."""

from __future__ import annotations

import hashlib
import zlib
from uuid import UUID

from django.core.cache import cache

SECONDS = 3600


def stage_report(user_id: UUID, content: bytes) -> str:
    """For an hour, for this person alone. Returns the SHA-256 by which `staged_report` finds it."""
    digest = hashlib.sha256(content).hexdigest()
    cache.set(_key(user_id, digest), zlib.compress(content, 1), SECONDS)
    return digest


def staged_report(user_id: UUID, digest: str) -> bytes | None:
    """None: the hour is over, or it was somebody else's."""
    packed = cache.get(_key(user_id, digest))
    return zlib.decompress(packed) if packed is not None else None


def _key(user_id: UUID, digest: str) -> str:
    return f"staged-report:{user_id}:{digest[:64]}"
