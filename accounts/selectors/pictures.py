"""A person's picture."""

from __future__ import annotations

from uuid import UUID

from accounts.models import Avatar
from core.exceptions import NotFound


def picture_of(user_id: UUID, digest: str) -> bytes:
    """The person's own picture as WebP, if it is (still) the one of this digest. Raises `NotFound`."""
    for image in Avatar.objects.filter(user=user_id, digest=digest).values_list("image", flat=True):
        return bytes(image)
    raise NotFound
