"""Go on with somebody's shared conversation in one of one's own."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.types import Actor
from conversations import events
from conversations.making import Making
from conversations.models import Conversation, Message, MessageRole, Share, SharedMessage, TitleSource
from conversations.rendering import render
from conversations.selectors.conversations import item
from conversations.selectors.models import model_choices
from conversations.selectors.shares import find_shared
from conversations.services.delete_conversation import restore_conversation
from conversations.states import GenerationState
from core.ids import uuid7
from core.rate_limit import spend
from providers.tokens import count_tokens
from realtime.services import publish_on_commit

COPIES_AN_HOUR = 30
_ROWS = 500


def continue_share(actor: Actor, token: str, client_key: UUID) -> UUID:
    """A conversation of the actor's own that begins with what the link shows. Returns its id.

    The system prompt comes along only if it was shared. The last model that is still offered and in the actor's plan is
    chosen; without one, the page offers its default. The same `client_key` again gives the same copy (brought back
    if it was deleted). One transaction, in memory bounded by a few hundred messages; nothing is charged. Publishes
    the sidebar's row. Raises `ShareNotFound`, `RateLimited`.
    """
    share = find_shared(token)
    import_key = f"copy:{client_key}"
    earlier = _copied_before(actor, import_key)
    if earlier is not None:
        return earlier
    spend("continue-share", actor.user_id, times=COPIES_AN_HOUR, seconds=3600)
    try:
        with transaction.atomic():
            return _copy(actor, share, import_key).id
    except IntegrityError:
        # The same key at the same moment: the other one was first, and has committed by now.
        earlier = _copied_before(actor, import_key)
        if earlier is None:
            raise
        return earlier


def _copied_before(actor: Actor, import_key: str) -> UUID | None:
    own = Conversation.objects.filter(owner_id=actor.user_id, workspace_id=actor.workspace_id, import_key=import_key)
    earlier = own.only("id", "deleted_at").first()
    if earlier is None:
        return None
    if earlier.deleted_at is not None:
        restore_conversation(actor, earlier.id)
    return earlier.id


def _copy(actor: Actor, share: Share, import_key: str) -> Conversation:
    conversation = Conversation(
        workspace_id=actor.workspace_id,
        owner_id=actor.user_id,
        title=share.title,
        title_source=TitleSource.PERSON,
        system_prompt=share.system_prompt,
        import_key=import_key,
        last_activity_at=timezone.now(),
    )
    conversation.save(force_insert=True)
    leaf, keys = None, []
    for rows in _chunks(share):
        leaf = _write(conversation, rows, leaf)
        keys += [row.model_key for row in rows if row.model_key]
    offered = {choice.model.key for choice in model_choices(actor) if choice.included}
    conversation.model_key = next((key for key in reversed(keys) if key in offered), "")
    conversation.active_leaf = leaf
    conversation.save(update_fields=["model_key", "active_leaf"])
    publish_on_commit(events.item_event(actor.user_id, item(conversation, running=False)))
    return conversation


def _chunks(share: Share) -> Iterable[list[SharedMessage]]:
    position = -1
    while rows := list(share.messages.filter(position__gt=position).order_by("position")[:_ROWS]):
        yield rows
        position = rows[-1].position


def _write(conversation: Conversation, rows: list[SharedMessage], parent: Message | None) -> Message | None:
    """The rows as messages below `parent`, each below the one before. Returns the last."""
    messages: list[Message] = []
    for row in rows:
        parent = _message(conversation, row, parent)
        messages.append(parent)
    Message.objects.bulk_create(messages)
    return parent


def _message(conversation: Conversation, row: SharedMessage, parent: Message | None) -> Message:
    """Without a generation: nothing was made here, so nothing has figures or a cost."""
    answer = row.role == MessageRole.ASSISTANT
    return Message(
        id=uuid7(),
        conversation=conversation,
        workspace_id=conversation.workspace_id,
        parent=parent,
        role=row.role,
        text=row.text,
        html=(row.html or render(row.text)) if answer else "",
        reasoning=row.reasoning,
        answered_by=row.model_name,
        making=Making(
            status=(GenerationState.STOPPED if row.cut_short else GenerationState.COMPLETED).value, reasoning_seconds=row.reasoning_seconds
        ).stored(),
        token_count=count_tokens(row.text) if row.token_count is None else row.token_count,
        text_chars=len(row.text),
        text_bytes=len(row.text.encode()),
        created_at=row.said_at,
    )
