"""How a person wants the product to look and to tell the time."""

from __future__ import annotations

from accounts.models import User


def update_preferences(user: User, *, name: str, theme: str, time_zone: str) -> None:
    """Store name, theme (`Theme`) and time zone (an IANA name, or empty for the site's)."""
    user.name, user.theme, user.time_zone = name, theme, time_zone
    user.save(update_fields=["name", "theme", "time_zone"])
