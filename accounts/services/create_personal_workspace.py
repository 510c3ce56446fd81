"""Every user has a personal workspace from the first moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import apps
from django.db import transaction

if TYPE_CHECKING:
    from accounts.models import User, Workspace


def create_personal_workspace(user: User) -> Workspace:
    """The user's personal workspace, with them as its owner; made when missing.

    One transaction; safe to call again (the one-to-one row and the membership are looked up first).
    """
    # Looked up late: the user manager, which models import, calls this.
    workspaces = apps.get_model("accounts", "Workspace")
    memberships = apps.get_model("accounts", "Membership")
    name = user.get_short_name()[: workspaces._meta.get_field("name").max_length]
    with transaction.atomic():
        workspace, _ = workspaces.objects.get_or_create(personal_of=user, defaults={"name": name, "kind": "personal"})
        memberships.objects.get_or_create(workspace=workspace, user=user, defaults={"role": "owner"})
    return workspace
