"""The time zones that a person may choose from."""

from __future__ import annotations

import functools
import zoneinfo

from django.conf import settings


@functools.cache
def known_time_zones() -> frozenset[str]:
    """IANA names with a place in them, and UTC."""
    legacy = ("Etc/", "SystemV/", "US/", "posix/", "right/")
    return frozenset(name for name in zoneinfo.available_timezones() if "/" in name and not name.startswith(legacy)) | {"UTC"}


@functools.cache
def time_zone_choices() -> list[tuple[str, str]]:
    names = sorted(known_time_zones(), key=lambda name: (name != "UTC", name))
    return [("", f"The site's own ({settings.TIME_ZONE})"), *((name, name.replace("_", " ")) for name in names)]
