"""A person's picture: another one, or none."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone

from accounts.models import Avatar
from accounts.pictures import digest_of, square_picture
from core.rate_limit import spend

TRIES, WINDOW_SECONDS = 30, 600


def set_picture(user_id: UUID, data: bytes) -> str:
    """Make the uploaded file the person's only picture; returns its digest, which is another one for another picture.

    Raises `InvalidInput` for what cannot be used, and then the old picture stays; `RateLimited` after 30 in ten minutes, for
    decoding is work.
    """
    spend("picture", user_id, times=TRIES, seconds=WINDOW_SECONDS)
    image = square_picture(data)
    digest = digest_of(image)
    Avatar.objects.update_or_create(user_id=user_id, defaults={"image": image, "digest": digest, "changed_at": timezone.now()})
    return digest


def remove_picture(user_id: UUID) -> bool:
    """Whether there was one."""
    return bool(Avatar.objects.filter(user_id=user_id).delete()[0])
