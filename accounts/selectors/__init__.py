"""Questions that other apps may ask about people."""

from accounts.selectors.actor import actor_for, personal_workspace_id
from accounts.selectors.preferences import chat_preferences, custom_instructions

__all__ = ["actor_for", "chat_preferences", "custom_instructions", "personal_workspace_id"]
