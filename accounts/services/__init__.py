"""The doors of accounts for other apps."""

from accounts.personal_data import register_erasure, register_export
from accounts.security_listeners import add_security_listener
from accounts.services.create_personal_workspace import create_personal_workspace
from accounts.services.remember_model import remember_model
from accounts.services.update_chat_preferences import switch_shortcuts, update_chat_preferences

__all__ = [
    "add_security_listener",
    "create_personal_workspace",
    "register_erasure",
    "register_export",
    "remember_model",
    "switch_shortcuts",
    "update_chat_preferences",
]
