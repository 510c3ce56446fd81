"""Texts, times and names as archives write them."""

from __future__ import annotations

import hashlib
import math
import re
from datetime import UTC, datetime, timedelta
from typing import Any

_TICKS = re.compile(r"`{3,}")
_SPACE = re.compile(r"\s+")
_LANGUAGE = re.compile(r"[A-Za-z0-9+#._-]{1,30}")
_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
_MILLISECONDS_FROM = 1e11
_LONGEST_ID = 80


def text_of(value: Any) -> str:
    """The text, without what PostgreSQL cannot keep (NUL) and without halves of surrogate pairs; of anything else nothing."""
    if not isinstance(value, str):
        return ""
    text = value.replace("\x00", "")
    try:
        text.encode()
    except UnicodeEncodeError:
        # Two halves that belong together become their character, a lone one becomes U+FFFD.
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def prose(value: Any) -> str:
    """A text of another product: plain line ends, no white space around it."""
    return text_of(value).replace("\r\n", "\n").strip()


def one_line(value: Any, length: int) -> str:
    """For names and titles."""
    return _SPACE.sub(" ", text_of(value)).strip()[:length].strip()


def fenced(text: str, language: str = "") -> str:
    """The text as a block of code that nothing in it can end."""
    longest = max((len(run) for run in _TICKS.findall(text)), default=2)
    fence = "`" * (longest + 1)
    return f"{fence}{language if _LANGUAGE.fullmatch(language) else ''}\n{text.rstrip()}\n{fence}"


def moment(value: Any) -> datetime | None:
    """A time from seconds or milliseconds since 1970, or from ISO 8601 (UTC where it names no zone); None when it makes no sense."""
    try:
        if isinstance(value, str):
            when = datetime.fromisoformat(value)
            when = when.astimezone(UTC) if when.tzinfo else when.replace(tzinfo=UTC)
        elif isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value):
            when = datetime.fromtimestamp(value / 1000 if value > _MILLISECONDS_FROM else value, UTC)
        else:
            return None
    except (ValueError, OverflowError, OSError):
        return None
    return when if _EARLIEST <= when <= datetime.now(UTC) + timedelta(days=1) else None


def key_of(source: str, identifier: Any, data: bytes) -> str:
    """A conversation's name for ever: by its id, or by its content when it has none."""
    identifier = text_of(identifier).strip()
    if not identifier:
        identifier = hashlib.sha256(data).hexdigest()
    elif len(identifier) > _LONGEST_ID:
        identifier = hashlib.sha256(identifier.encode()).hexdigest()
    return f"{source}:{identifier}"


def mapping(value: Any) -> dict[str, Any]:
    """The object, or an empty one."""
    return value if isinstance(value, dict) else {}


def listing(value: Any) -> list[Any]:
    """The list, or an empty one."""
    return value if isinstance(value, list) else []
