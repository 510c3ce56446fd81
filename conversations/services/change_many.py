"""One thing done to many conversations at once, and taken back at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Case, DateTimeField, F, Field, QuerySet, UUIDField, Value, When
from django.db.models.functions import Cast
from django.utils import timezone

from accounts.types import Actor
from conversations import events
from conversations.exceptions import TooMany, TooManyPinned
from conversations.models import Conversation
from conversations.selectors.access import conversations_of
from conversations.selectors.conversations import KEPT_DELETED, PINNED_LIMIT, restorable
from conversations.selectors.folders import get_folder, list_folders
from conversations.services.stop_generation import stop_all
from conversations.services.undo import remember
from realtime.services import publish_on_commit, recheck_access

MOST = 500
State = datetime | UUID | None


class Action(StrEnum):
    PIN = "pin"
    UNPIN = "unpin"
    MOVE = "move"
    ARCHIVE = "archive"
    UNARCHIVE = "unarchive"
    DELETE = "delete"
    RESTORE = "restore"
    ERASE = "erase"


_COLUMNS = {
    Action.PIN: "pinned_at",
    Action.UNPIN: "pinned_at",
    Action.MOVE: "folder_id",
    Action.ARCHIVE: "archived_at",
    Action.UNARCHIVE: "archived_at",
    Action.DELETE: "deleted_at",
    Action.RESTORE: "deleted_at",
    Action.ERASE: "deleted_at",
}


@dataclass(frozen=True, slots=True)
class Changed:
    """How many conversations have changed, and the word by which it is taken back (`undo_change`); empty when it cannot be."""

    count: int
    undo: str = ""


def change_many(actor: Actor, ids: Collection[UUID], action: Action, folder_id: UUID | None = None) -> Changed:
    """Do `action` to those of the actor's conversations that it changes; `MOVE` moves into `folder_id`, out of folders without one.

    At most 500 at once, in a fixed number of queries. Running answers of deleted ones are stopped. `ERASE` cannot be taken back:
    the job that erases finds them due. Publishes one `conversations`, and to the pages of each conversation its revision.
    Raises `TooMany`, `TooManyPinned`, `FolderNotFound`.
    """
    if len(ids) > MOST:
        raise TooMany(MOST)
    column = _COLUMNS[action]
    with transaction.atomic():
        state = _state(actor, action, folder_id)
        rows = _locked(restorable(actor) if action in (Action.RESTORE, Action.ERASE) else conversations_of(actor), ids)
        changed = [row for row in rows if _changes(action, getattr(row, column), state)]
        before: dict[UUID, State] = {row.id: getattr(row, column) for row in changed}
        if action is Action.PIN and conversations_of(actor).filter(pinned_at__isnull=False).count() + len(changed) > PINNED_LIMIT:
            raise TooManyPinned(PINNED_LIMIT)
        _write(actor, changed, column, dict.fromkeys(before, state))
    if action is Action.DELETE:
        stop_all(before)
    if not before or action is Action.ERASE:
        return Changed(len(before))
    return Changed(len(before), remember(actor, {"what": "many", "column": column, "state": state, "before": before}))


def undo_many(actor: Actor, change: Mapping[str, Any]) -> int:
    """Take back what `change_many` remembered, where nobody has changed it again since. Publishes like it. Returns how many."""
    column, state, before = change["column"], change["state"], change["before"]
    with transaction.atomic():
        mine = conversations_of(actor, deleted=column == "deleted_at" and state is not None)
        rows = [row for row in _locked(mine, before) if getattr(row, column) == state]
        if column == "folder_id":
            known = {folder.id for folder in list_folders(actor)}
            before = {identifier: folder if folder in known else None for identifier, folder in before.items()}
        _write(actor, rows, column, {row.id: before[row.id] for row in rows})
    return len(rows)


def _state(actor: Actor, action: Action, folder_id: UUID | None) -> State:
    """What the action's column becomes."""
    if action is Action.MOVE:
        return get_folder(actor, folder_id, lock=True).id if folder_id else None
    if action is Action.ERASE:
        return timezone.now() - KEPT_DELETED
    return timezone.now() if action in (Action.PIN, Action.ARCHIVE, Action.DELETE) else None


def _changes(action: Action, now: State, state: State) -> bool:
    if action in (Action.MOVE, Action.ERASE):
        return now != state
    return (now is None) != (state is None)


def _locked(rows: QuerySet[Conversation], ids: Collection[UUID]) -> list[Conversation]:
    """Always in the order of their ids, so that two of these never wait for each other."""
    return list(rows.filter(id__in=list(ids)).order_by("id").select_for_update(of=("self",)))


def _write(actor: Actor, rows: Collection[Conversation], column: str, states: Mapping[UUID, State]) -> None:
    """One UPDATE, and the news of it."""
    if not rows:
        return
    groups: dict[State, list[UUID]] = {}
    for identifier, state in states.items():
        groups.setdefault(state, []).append(identifier)
    target: Field[Any, Any] = UUIDField() if column == "folder_id" else DateTimeField()
    chosen = Case(*(When(id__in=ids, then=Value(state, output_field=target)) for state, ids in groups.items()), output_field=target)
    Conversation.objects.filter(id__in=list(states)).update(revision=F("revision") + 1, **{column: Cast(chosen, target)})
    publish_on_commit(
        *(events.title_event(row.id, row.title, row.revision + 1) for row in rows),
        events.list_event(actor.user_id, [row.id for row in rows if column == "deleted_at" and states[row.id] is not None]),
    )
    if column == "deleted_at":  # after the news: a socket that is closed hears no more of them
        recheck_access(*(events.conversation_topic(row.id) for row in rows if states[row.id] is not None))
