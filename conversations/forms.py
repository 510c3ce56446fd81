"""What the composer sends."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest

from core.exceptions import InvalidInput
from core.ids import uuid7


def read_uuid(request: HttpRequest, name: str) -> UUID | None:
    """A UUID from the posted form, None when it is empty. Raises `InvalidInput` for anything else."""
    value = request.POST.get(name, "").strip()
    if not value:
        return None
    try:
        return UUID(value)
    except ValueError as error:
        raise InvalidInput("This page is out of date. Reload it and send again; your text stays.", code="bad_form") from error


def new_client_key() -> UUID:
    """A key for one composer: whatever it sends with it, it sends once."""
    return uuid7()
