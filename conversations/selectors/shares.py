"""Links: what anybody may read through one, and which ones a person has."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from accounts.types import Actor
from conversations.exceptions import ShareNotFound
from conversations.models import Share
from conversations.reading_types import SharedPage, ShareItem, SharePage
from conversations.selectors.reading import shared_messages

LIST_SIZE = 50


def readable_shares() -> QuerySet[Share]:
    """Every link that works now: not revoked, not expired, its conversation not deleted, its owner's account open."""
    return Share.objects.filter(
        Q(expires_at__isnull=True) | Q(expires_at__gt=timezone.now()),
        revoked_at__isnull=True,
        conversation__deleted_at__isnull=True,
        owner__is_active=True,
        owner__deletion_due_at__isnull=True,
    )


def find_shared(token: str) -> Share:
    """The working link with this token. One query. Raises `ShareNotFound`, whatever the reason."""
    share = readable_shares().filter(token=token).first()
    if share is None:
        raise ShareNotFound
    return share


def read_shared(share: Share, number: int = 1) -> SharedPage:
    """One page of it; costs what the page holds, however long the conversation is. Raises `ShareNotFound` for a page it lacks."""
    starts = share.page_starts
    if not 1 <= number <= len(starts):
        raise ShareNotFound
    rows = share.messages.filter(position__gte=starts[number - 1])
    if number < len(starts):
        rows = rows.filter(position__lt=starts[number])
    return SharedPage(
        share.title,
        share.author_name,
        share.system_prompt,
        share.snapshot_at,
        share.message_count,
        tuple(share.model_names),
        shared_messages(list(rows.order_by("position"))),
        number,
        len(starts),
    )


def own_shares(actor: Actor) -> QuerySet[Share]:
    """All links of the actor, latest first, also those that no longer work."""
    return Share.objects.filter(owner_id=actor.user_id, workspace_id=actor.workspace_id).select_related("conversation").order_by("-id")


def list_shares(actor: Actor, before: UUID | None = None) -> SharePage:
    """One page of the actor's links, by keyset."""
    rows = own_shares(actor)
    if before is not None:
        rows = rows.filter(id__lt=before)
    found = list(rows[: LIST_SIZE + 1])
    items = tuple(share_item(share) for share in found[:LIST_SIZE])
    return SharePage(items, items[-1].id if len(found) > LIST_SIZE else None)


def working_shares_of(actor: Actor, conversation_id: UUID) -> tuple[ShareItem, ...]:
    """The links to one conversation that work now, latest first; at most a list's page of them."""
    own = readable_shares().filter(owner_id=actor.user_id, workspace_id=actor.workspace_id, conversation_id=conversation_id)
    return tuple(share_item(share) for share in own.select_related("conversation").order_by("-id")[:LIST_SIZE])


def share_item(share: Share) -> ShareItem:
    """A link for its owner's lists; `conversation` should be selected along."""
    return ShareItem(
        share.id,
        share.conversation_id,
        share.title,
        share_address(share.token),
        _state(share, timezone.now()),
        share.created_at,
        share.snapshot_at,
        share.expires_at,
        share.message_count,
        share.views,
    )


def share_address(token: str) -> str:
    """The link as it is given away. Built on `BASE_URL`, never on a request's Host header."""
    return f"{settings.BASE_URL.rstrip('/')}{reverse('shares:shared', args=[token])}"


def _state(share: Share, now: datetime) -> str:
    if share.revoked_at is not None:
        return "revoked"
    if share.conversation.deleted_at is not None:
        return "deleted"
    return "expired" if share.expires_at is not None and share.expires_at <= now else "active"
