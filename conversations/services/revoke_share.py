"""Make a link stop working, and take that back."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone

from accounts.types import Actor
from conversations.exceptions import ShareNotFound
from conversations.models import Share
from conversations.reading_types import ShareItem
from conversations.selectors.shares import own_shares, share_item


def revoke_share(actor: Actor, share_id: UUID) -> ShareItem:
    """From now on the link leads nowhere. Revoking again changes nothing. Raises `ShareNotFound` unless it is the actor's."""
    share = _own(actor, share_id)
    if Share.objects.filter(id=share.id, revoked_at__isnull=True).update(revoked_at=timezone.now()):
        share.refresh_from_db(fields=["revoked_at"])
    return share_item(share)


def restore_share(actor: Actor, share_id: UUID) -> ShareItem:
    """Undo the revocation: the same address shows the same snapshot. Raises `ShareNotFound` unless it is the actor's."""
    share = _own(actor, share_id)
    Share.objects.filter(id=share.id).update(revoked_at=None)
    share.revoked_at = None
    return share_item(share)


def revoke_shares(share_ids: list[UUID]) -> int:
    """For operators: make these links stop working, whoever made them. Returns how many still worked."""
    return Share.objects.filter(id__in=share_ids, revoked_at__isnull=True).update(revoked_at=timezone.now())


def _own(actor: Actor, share_id: UUID) -> Share:
    share = own_shares(actor).filter(id=share_id).first()
    if share is None:
        raise ShareNotFound
    return share
