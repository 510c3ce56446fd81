"""Somebody wants another title for a conversation."""

from __future__ import annotations

from uuid import UUID

from django.core.cache import cache
from django.db import transaction

from accounts.types import Actor
from conversations.exceptions import NothingToName, TitleInTheMaking
from conversations.selectors.access import get_conversation
from conversations.services.prepare_title import hold_title, prepare_title
from core.ids import uuid7
from core.jobs import enqueue_on_commit

# A job that was lost stops nobody for longer than this.
ONE_AT_A_TIME_SECONDS = 60


def ask_for_title(actor: Actor, conversation_id: UUID) -> None:
    """Hold the worst case of the call and hand it over; the title arrives by events, `titled` says how it ended.

    One at a time for each conversation. One transaction: without room in the allowance nothing is written. Raises
    `ConversationNotFound`, `NothingToName`, `TitleInTheMaking`, the catalogue's errors, `usage.exceptions.QuotaExceeded`.
    """
    from conversations.tasks import make_title

    with transaction.atomic():
        conversation = get_conversation(actor, conversation_id, lock=True)
        key = f"title:{conversation.id}:{uuid7()}"
        call = prepare_title(conversation, key)
        if call is None:
            raise NothingToName
        if not cache.add(_lock(conversation.id), key, ONE_AT_A_TIME_SECONDS):
            raise TitleInTheMaking
        try:
            hold_title(call)
        except BaseException:
            let_ask_again(conversation.id)
            raise
        enqueue_on_commit(make_title, str(conversation.id), key, conversation.title)


def let_ask_again(conversation_id: UUID) -> None:
    """The title is there, or will not come."""
    cache.delete(_lock(conversation_id))


def _lock(conversation_id: UUID) -> str:
    return f"title:{conversation_id}"
