"""Questions that other apps may ask about people."""

from accounts.selectors.actor import actor_for, personal_workspace_id

__all__ = ["actor_for", "personal_workspace_id"]
