"""The doors of accounts for other apps."""

from accounts.services.create_personal_workspace import create_personal_workspace
from accounts.services.remember_model import remember_model
from accounts.services.update_chat_preferences import switch_shortcuts, update_chat_preferences

__all__ = ["create_personal_workspace", "remember_model", "switch_shortcuts", "update_chat_preferences"]
