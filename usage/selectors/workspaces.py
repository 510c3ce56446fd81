"""Whose meter it is."""

from __future__ import annotations

from uuid import UUID

from core.exceptions import NotFound
from usage.models import Allowance


def personal_workspace_id(email: str) -> UUID:
    """The personal workspace of the person who signs in with this address. Raises `NotFound`."""
    # The tenant belongs to the floor below; the foreign key knows its model without an import.
    workspaces = Allowance.workspace.field.related_model._default_manager
    found: UUID | None = workspaces.filter(personal_of__email=email.strip().lower()).values_list("pk", flat=True).first()
    if found is None:
        raise NotFound(f"Nobody with a personal workspace signs in as {email}.")
    return found
