"""How a person wants the product to look and to tell the time."""

from __future__ import annotations

from accounts.models import User


def update_preferences(user: User, *, name: str, theme: str, language: str, time_zone: str) -> None:
    """Store name, theme (`Theme`), language (of `settings.LANGUAGES`) and time zone (an IANA name); both may be empty for the site's."""
    user.name, user.theme, user.language, user.time_zone = name, theme, language, time_zone
    user.save(update_fields=["name", "theme", "language", "time_zone"])
