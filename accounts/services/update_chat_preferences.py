"""How a person wants to chat."""

from __future__ import annotations

from dataclasses import asdict
from uuid import UUID

from django.apps import apps

from accounts.types import ChatPreferences


def update_chat_preferences(user_id: UUID, preferences: ChatPreferences) -> None:
    """Store all of them. Custom instructions count from the next message on."""
    users = apps.get_model("accounts", "User")
    users.objects.filter(id=user_id).update(**asdict(preferences))


def switch_shortcuts(user_id: UUID, *, on: bool) -> None:
    """The one preference that a page of the chat changes by itself."""
    users = apps.get_model("accounts", "User")
    users.objects.filter(id=user_id).update(shortcuts=on)
