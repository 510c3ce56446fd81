"""From a kind and its context to a mail as it is read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from notifications.types import Kind, Letter


def write_letter(kind: Kind, context: Mapping[str, object], *, name: str, time_zone: str, at: datetime) -> Letter:
    """Fill the three templates of `kind`; times are those of `time_zone` (an IANA name; unknown or empty: UTC).

    What `context` has under names that end in `_at` are times (ISO 8601), for JSON has none.
    """
    times = {key: parse_datetime(str(value)) for key, value in context.items() if key.endswith("_at")}
    given = {**context, **times, "name": name, "at": at, "site_name": settings.SITE_NAME, "base_url": settings.BASE_URL}
    with timezone.override(_zone(time_zone)):
        subject, text, html = (render_to_string(f"notifications/{kind}.{part}", given) for part in ("subject.txt", "txt", "html"))
    return Letter(" ".join(subject.split()), text.strip() + "\n", html)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")
