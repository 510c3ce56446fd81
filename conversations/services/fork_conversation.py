"""A new conversation that begins with a branch of another one."""

from __future__ import annotations

from uuid import UUID

from django.db import connection, models, transaction

from accounts.types import Actor
from conversations import events, tree
from conversations.exceptions import AnswerRunning
from conversations.models import Conversation, Generation, Message, TitleSource
from conversations.selectors.access import get_conversation, get_message
from conversations.selectors.conversations import UNTITLED, row
from conversations.states import LIVE
from conversations.titles import clean_title
from core.ids import uuid7
from realtime.services import publish_on_commit

_TITLE = "Fork of {}"
# What a copied message does not have of its original; everything else is copied, also what is added to the table later.
MESSAGE_OWN = frozenset({"id", "conversation_id", "parent_id", "client_key", "left_at_leaf_id", "deleted_at"})
# Nor a copied answer: what it cost was paid by the original, and is counted once.
GENERATION_OWN = frozenset(
    {"id", "message_id", "conversation_id", "context_start", "input_tokens", "output_tokens", "cost", "confidence", "continued_chars"}
)


def fork_conversation(actor: Actor, conversation_id: UUID, message_id: UUID) -> Conversation:
    """Copy the way from the first message down to this one into a new conversation of the same person. Returns it.

    Title ("Fork of …"), system prompt and model come along; tokens and costs do not: the ledger is not touched. The texts do
    not leave the database, so that 5,000 messages take part of a second. One transaction; publishes the sidebar's row.
    Raises `ConversationNotFound`, `MessageNotFound`, `AnswerRunning` when an answer on the way is still being written.
    """
    with transaction.atomic():
        original = get_conversation(actor, conversation_id, lock=True)
        get_message(actor, conversation_id, message_id)
        way = tree.path_to(conversation_id, message_id)
        if Generation.objects.filter(conversation=original, message__in=way, state__in=LIVE).exists():
            raise AnswerRunning
        copies = [uuid7() for _ in way]
        fork = Conversation.objects.create(
            workspace_id=actor.workspace_id,
            owner_id=actor.user_id,
            title=clean_title(_TITLE.format(original.title or UNTITLED)),
            title_source=TitleSource.PERSON,  # no model gives it another name
            model_key=original.model_key,
            system_prompt=original.system_prompt,
            active_leaf_id=copies[-1],  # checked at the commit
        )
        _copy_messages(fork, way, copies)
        _copy_generations(fork, way, copies)
        publish_on_commit(events.item_event(actor.user_id, row(fork)))
        return fork


def _columns(model: type[models.Model], own: frozenset[str]) -> list[str]:
    return [field.column for field in model._meta.concrete_fields if field.column and field.column not in own]


def _copy_messages(fork: Conversation, way: list[UUID], copies: list[UUID]) -> None:
    columns = _columns(Message, MESSAGE_OWN)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO conversations_message (id, conversation_id, parent_id, {', '.join(columns)}) "  # noqa: S608 - names of columns
            f"SELECT pair.copy, %s, pair.above, {', '.join(f'm.{column}' for column in columns)} "
            "FROM unnest(%s::uuid[], %s::uuid[], %s::uuid[]) AS pair(original, copy, above) "
            "JOIN conversations_message m ON m.id = pair.original",
            [fork.id, way, copies, [None, *copies[:-1]]],
        )


def _copy_generations(fork: Conversation, way: list[UUID], copies: list[UUID]) -> None:
    columns = _columns(Generation, GENERATION_OWN)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO conversations_generation (id, conversation_id, message_id, confidence, continued_chars, {', '.join(columns)}) "  # noqa: S608
            f"SELECT pair.key, %s, pair.copy, '', 0, {', '.join(f'g.{column}' for column in columns)} "
            "FROM unnest(%s::uuid[], %s::uuid[], %s::uuid[]) AS pair(original, copy, key) "
            "JOIN conversations_generation g ON g.message_id = pair.original",
            [fork.id, way, copies, [uuid7() for _ in way]],
        )
