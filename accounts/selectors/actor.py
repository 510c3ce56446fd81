"""Who acts, and in which workspace."""

from __future__ import annotations

from uuid import UUID

from accounts.exceptions import NoWorkspace
from accounts.models import Membership
from accounts.types import Actor


def actor_for(user_id: UUID) -> Actor:
    """The user in their personal workspace. One query. Raises `NoWorkspace`."""
    return Actor(user_id=user_id, workspace_id=personal_workspace_id(user_id))


def personal_workspace_id(user_id: UUID) -> UUID:
    """The personal workspace that the user is (still) a member of. One query. Raises `NoWorkspace`."""
    own = Membership.objects.filter(user_id=user_id, workspace__personal_of_id=user_id)
    for workspace_id in own.values_list("workspace_id", flat=True)[:1]:
        return workspace_id
    raise NoWorkspace
