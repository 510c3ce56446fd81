"""The model that somebody chose last is offered first the next time."""

from __future__ import annotations

from uuid import UUID

from django.apps import apps


def remember_model(user_id: UUID, model_key: str) -> None:
    """Store the choice; writes only when it differs."""
    users = apps.get_model("accounts", "User")
    users.objects.filter(id=user_id).exclude(last_model_key=model_key).update(last_model_key=model_key)
