"""Make a link to what a conversation shows now, and bring such a link up to date."""

from __future__ import annotations

import secrets
from datetime import timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.types import Actor
from conversations.exceptions import ShareNotFound, TemporaryNotShared
from conversations.models import Conversation, Share, SharedMessage
from conversations.reading_types import ShareOptions
from conversations.selectors.access import get_conversation
from conversations.selectors.shares import readable_shares
from conversations.services.snapshot_branch import snapshot_branch
from core.rate_limit import spend

TOKEN_BYTES = 24  # 192 bits
SNAPSHOTS_AN_HOUR = 30
_FILLED = ("message_count", "model_names", "page_starts", "title", "author_name", "system_prompt", "snapshot_at")


def share_conversation(actor: Actor, conversation_id: UUID, options: ShareOptions, client_key: UUID) -> Share:
    """A new link with a snapshot of the shown branch. The same `client_key` again gives the same link.

    A name is shown only where its owner has given one; an e-mail address never. One transaction. Raises
    `ConversationNotFound`, `TemporaryNotShared`, `NothingToShare`, `TooLongToShare`, `RateLimited`.
    """
    conversation = get_conversation(actor, conversation_id)
    if conversation.temporary:
        raise TemporaryNotShared
    earlier = _made_before(actor, conversation, client_key)
    if earlier is not None:
        return earlier
    _limit(actor)
    try:
        with transaction.atomic():
            share = _empty(actor, conversation, options, client_key)
            share.save(force_insert=True)
            snapshot_branch(share, conversation)
            share.save(update_fields=_FILLED)
            return share
    except IntegrityError:
        # The same key at the same moment: the other one was first, and has committed by now.
        earlier = _made_before(actor, conversation, client_key)
        if earlier is None:
            raise
        return earlier


def update_share(actor: Actor, share_id: UUID) -> Share:
    """What the conversation shows now under the same address, with the same options. Readers of the old pages get the new ones.

    One transaction, under the share's row lock. Raises `ShareNotFound` unless it is a working link of the actor,
    `NothingToShare`, `TooLongToShare`, `RateLimited`.
    """
    _limit(actor)
    with transaction.atomic():
        own = readable_shares().filter(id=share_id, owner_id=actor.user_id, workspace_id=actor.workspace_id)
        share = own.select_for_update(of=("self",)).select_related("conversation").first()
        if share is None:
            raise ShareNotFound
        SharedMessage.objects.filter(share=share).delete()
        snapshot_branch(share, share.conversation)
        share.save(update_fields=_FILLED)
        return share


def _empty(actor: Actor, conversation: Conversation, options: ShareOptions, client_key: UUID) -> Share:
    now = timezone.now()
    return Share(
        workspace_id=actor.workspace_id,
        owner_id=actor.user_id,
        conversation=conversation,
        client_key=client_key,
        token=secrets.token_urlsafe(TOKEN_BYTES),
        shows_name=options.name,
        shows_reasoning=options.reasoning,
        shows_system_prompt=options.system_prompt,
        snapshot_at=now,
        expires_at=now + timedelta(days=options.days) if options.days else None,
    )


def _made_before(actor: Actor, conversation: Conversation, client_key: UUID) -> Share | None:
    return Share.objects.filter(owner_id=actor.user_id, client_key=client_key, conversation=conversation).first()


def _limit(actor: Actor) -> None:
    spend("share", actor.user_id, times=SNAPSHOTS_AN_HOUR, seconds=3600)
