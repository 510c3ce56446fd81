"""UUID version 7 (RFC 9562, May 2024): time-ordered identifiers, so that new rows land at the end of an index."""

from __future__ import annotations

import os
import threading
import time
from uuid import UUID

_lock = threading.Lock()
_last = 0


def uuid7() -> UUID:
    """A new UUIDv7. Strictly increasing within this process, also within one millisecond.

    48 bits of Unix milliseconds, 4 bits version, 12 bits of sub-millisecond fraction (RFC 9562 section 6.2,
    method 3), 2 bits variant, 62 random bits.
    """
    global _last
    nanoseconds = time.time_ns()
    milliseconds, rest = divmod(nanoseconds, 1_000_000)
    stamp = (milliseconds << 12) | (rest * 4096 // 1_000_000)
    with _lock:
        if stamp <= _last:
            stamp = _last + 1
        _last = stamp
    random = int.from_bytes(os.urandom(8), "big") & ((1 << 62) - 1)
    value = ((stamp >> 12) & ((1 << 48) - 1)) << 80
    value |= 0x7 << 76
    value |= (stamp & 0xFFF) << 64
    value |= 0b10 << 62
    return UUID(int=value | random)
