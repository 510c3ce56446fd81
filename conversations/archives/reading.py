"""One conversation's bytes become values, however odd its characters are."""

from __future__ import annotations

import json
from typing import Any

import orjson

from conversations.archives import reasons
from conversations.archives.limits import LIMITS, Limits
from conversations.archives.reasons import Skipped


def read_values(data: bytes, limits: Limits = LIMITS) -> tuple[dict[str, Any], bool]:
    """The object, and whether every character of it could be read.

    Raises `Skipped`: not valid JSON, not an object, or so many small values that they would cost many times
    the memory of their text.
    """
    if data.count(b",") + data.count(b"[") + data.count(b"{") > limits.values:
        raise Skipped(reasons.TOO_LARGE)
    whole = True
    try:
        values = orjson.loads(data)
    except orjson.JSONDecodeError:
        # Halves of surrogate pairs, bytes that are not UTF-8, bare control characters: rather one odd character than no conversation.
        whole = False
        try:
            values = json.loads(data.decode("utf-8", "replace"), strict=False)
        except (ValueError, RecursionError) as error:
            raise Skipped(reasons.UNREADABLE) from error
    if not isinstance(values, dict):
        raise Skipped(reasons.UNKNOWN)
    return values, whole
