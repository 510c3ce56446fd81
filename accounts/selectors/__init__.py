"""Questions that other apps may ask about people."""

from accounts.closing import keep_link
from accounts.exports import export_link
from accounts.selectors.actor import actor_for, personal_workspace_id
from accounts.selectors.email_back import email_back_link
from accounts.selectors.people import addresses_of, find_person, member_ids, owners_of
from accounts.selectors.preferences import chat_preferences, custom_instructions

__all__ = [
    "actor_for",
    "addresses_of",
    "chat_preferences",
    "custom_instructions",
    "email_back_link",
    "export_link",
    "find_person",
    "keep_link",
    "member_ids",
    "owners_of",
    "personal_workspace_id",
]
