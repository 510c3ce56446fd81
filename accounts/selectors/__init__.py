"""Questions that other apps may ask about people."""

from accounts.selectors.actor import actor_for, personal_workspace_id
from accounts.selectors.people import find_person, member_ids, owners_of
from accounts.selectors.preferences import chat_preferences, custom_instructions

__all__ = ["actor_for", "chat_preferences", "custom_instructions", "find_person", "member_ids", "owners_of", "personal_workspace_id"]
