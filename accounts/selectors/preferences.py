"""How somebody chats."""

from __future__ import annotations

from uuid import UUID

from accounts.models import User
from accounts.types import ChatPreferences


def chat_preferences(user_id: UUID) -> ChatPreferences:
    """One query. Raises `User.DoesNotExist`."""
    row = User.objects.values("send_with_modifier", "shortcuts", "custom_instructions", "default_model_key").get(id=user_id)
    return ChatPreferences(**row)


def custom_instructions(user_id: UUID) -> str:
    """What the person wants every model to know; empty when there is nothing, or nobody. One query."""
    return User.objects.filter(id=user_id).values_list("custom_instructions", flat=True).first() or ""
