"""One thing done to many conversations: in a fixed number of queries, to one's own, and taken back in one go."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any
from uuid import UUID

import pytest
from django.core.cache import cache
from pytest_django import DjangoAssertNumQueries

from accounts.types import Actor
from conversations.exceptions import NotUndoable, TooMany, TooManyPinned
from conversations.models import Conversation, Generation
from conversations.selectors.conversations import list_archived, list_deleted, sidebar
from conversations.services.change_many import MOST, Action, change_many
from conversations.services.create_folder import create_folder
from conversations.services.delete_folder import delete_folder
from conversations.services.undo_change import undo_change
from conversations.tests.test_pages import HTMX, sign_in
from conversations.types import Turn
from core.ids import uuid7
from realtime import wire

pytestmark = pytest.mark.django_db
Send = Callable[..., Turn]


def make(actor: Actor, count: int, **fields: Any) -> list[UUID]:
    rows = [Conversation(owner_id=actor.user_id, workspace_id=actor.workspace_id, title=f"c{n}", **fields) for n in range(count)]
    return [row.id for row in Conversation.objects.bulk_create(rows)]


def shown(actor: Actor) -> tuple[int, int]:
    """How many are pinned, and how many stand by their date."""
    view = sidebar(actor, rows=100)
    return len(view.pinned), len(view.dated.items)


def state() -> list[tuple[Any, ...]]:
    return list(Conversation.objects.order_by("id").values_list("id", "pinned_at", "archived_at", "folder_id", "deleted_at"))


@pytest.mark.parametrize("action", [Action.PIN, Action.ARCHIVE, Action.DELETE, Action.MOVE])
def test_it_is_done_to_all_and_undone_in_all(owner: Actor, action: Action) -> None:
    ids = make(owner, 4)
    folder = create_folder(owner, "Work")
    before = state()
    changed = change_many(owner, ids[:3], action, folder.id if action is Action.MOVE else None)
    assert changed.count == 3
    assert shown(owner) == ((3, 1) if action is Action.PIN else (0, 1))
    assert undo_change(owner, changed.undo) == 3
    assert state() == before
    with pytest.raises(NotUndoable):
        undo_change(owner, changed.undo)


def test_pages_hear_of_a_deletion_before_their_sockets_are_closed(
    owner: Actor, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    sent: list[tuple[str, bytes]] = []
    monkeypatch.setattr(import_module("realtime.services.publish"), "_send", sent.extend)
    ids = make(owner, 2)
    with django_capture_on_commit_callbacks(execute=True):
        change_many(owner, ids, Action.DELETE)
    payloads = [payload for _, payload in sent]
    assert payloads[-2:] == [wire.RECHECK, wire.RECHECK]
    assert b'"conversations"' in payloads[-3]
    assert wire.RECHECK not in payloads[:-2]


def test_moving_back_puts_each_where_it_was(owner: Actor) -> None:
    first, second, gone = (create_folder(owner, name) for name in ("first", "second", "gone"))
    [a], [b], [c], [d] = make(owner, 1, folder=first), make(owner, 1, folder=second), make(owner, 1), make(owner, 1, folder=gone)
    changed = change_many(owner, [a, b, c, d], Action.MOVE, second.id)
    assert changed.count == 3
    delete_folder(owner, gone.id)
    undo_change(owner, changed.undo)
    folders = dict(Conversation.objects.values_list("id", "folder_id"))
    assert folders == {a: first.id, b: second.id, c: None, d: None}


def test_what_was_changed_again_meanwhile_is_left_alone(owner: Actor) -> None:
    ids = make(owner, 2)
    changed = change_many(owner, ids, Action.ARCHIVE)
    change_many(owner, ids[:1], Action.UNARCHIVE)
    change_many(owner, ids[:1], Action.ARCHIVE)
    assert undo_change(owner, changed.undo) == 1
    assert [item.id for item in list_archived(owner).items] == ids[:1]


@pytest.mark.parametrize("action", [Action.PIN, Action.ARCHIVE, Action.DELETE, Action.MOVE])
def test_a_hundred_cost_as_many_queries_as_two(owner: Actor, action: Action, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    few, many = make(owner, 2), make(owner, 90)
    with django_assert_max_num_queries(7) as taken:
        change_many(owner, few, action)
    with django_assert_max_num_queries(len(taken)):
        change_many(owner, many, action)


def test_only_ones_own_are_changed(owner: Actor, stranger: Actor) -> None:
    ids = make(owner, 2)
    before = state()
    for action in Action:
        assert change_many(stranger, ids, action).count == 0
    assert state() == before


def test_an_undo_is_its_owners_alone(owner: Actor, stranger: Actor) -> None:
    changed = change_many(owner, make(owner, 2), Action.DELETE)
    after = state()
    response = sign_in(stranger).post(f"/c/undo/{changed.undo}/", **HTMX)
    assert response.status_code == 409
    assert state() == after
    assert undo_change(owner, changed.undo) == 2


def test_five_hundred_at_once_and_no_more(owner: Actor) -> None:
    assert change_many(owner, make(owner, MOST), Action.ARCHIVE).count == MOST
    with pytest.raises(TooMany):
        change_many(owner, [uuid7() for _ in range(MOST + 1)], Action.ARCHIVE)


def test_more_than_can_be_pinned_are_refused_together(owner: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("conversations.services.change_many.PINNED_LIMIT", 2)
    with pytest.raises(TooManyPinned):
        change_many(owner, make(owner, 3), Action.PIN)
    assert shown(owner) == (0, 3)


def test_running_answers_of_deleted_ones_are_stopped(owner: Actor, send: Send) -> None:
    queued, running = send("queued"), send("running")
    Generation.objects.filter(id=running.generation_id).update(state="running")
    change_many(owner, [queued.conversation_id, running.conversation_id], Action.DELETE)
    assert Generation.objects.get(id=queued.generation_id).state == "stopped"
    assert Generation.objects.get(id=running.generation_id).stop_requested_at is not None


def test_deleted_for_good_is_in_no_list_and_does_not_come_back(owner: Actor) -> None:
    ids = make(owner, 2)
    change_many(owner, ids, Action.DELETE)
    assert len(list_deleted(owner).items) == 2
    erased = change_many(owner, ids[:1], Action.ERASE)
    assert (erased.count, erased.undo) == (1, "")
    assert [item.id for item in list_deleted(owner).items] == ids[1:]
    assert change_many(owner, ids, Action.RESTORE).count == 1


@pytest.mark.parametrize("htmx", [True, False])
def test_the_form_with_checkboxes(owner: Actor, htmx: bool) -> None:
    ids, client = make(owner, 3), sign_in(owner)
    extra = HTMX if htmx else {}
    response = client.post(
        "/c/many/", {"chat": [str(one) for one in ids[:2]], "do": "move:new", "name": "Work", "next": "/c/list/"}, **extra
    )
    page = response.content.decode() if htmx else client.get(response["Location"]).content.decode()
    assert "2 chats moved to “Work”." in page
    undo = page.split('action="/c/undo/')[1].split('"')[0]
    assert shown(owner) == (0, 1)
    client.post(f"/c/undo/{undo}", **extra)
    assert shown(owner) == (0, 3)


@pytest.mark.parametrize(
    "form",
    [{"do": "delete"}, {"do": "explode"}, {"do": "delete", "chat": "x"}, {"do": "move:x"}, {"do": "move:new", "name": ""}, {}],
)
def test_rubbish_is_refused_with_a_sentence(owner: Actor, form: dict[str, str]) -> None:
    ids = make(owner, 1)
    response = sign_in(owner).post("/c/many/", {"chat": str(ids[0])} | form if form.get("do") != "delete" else form, **HTMX)
    assert response.status_code == 400
    assert shown(owner) == (0, 1)


def test_with_the_memory_gone_undo_says_so(owner: Actor) -> None:
    changed = change_many(owner, make(owner, 1), Action.DELETE)
    cache.clear()
    response = sign_in(owner).post(f"/c/undo/{changed.undo}/", **HTMX)
    assert response.status_code == 409
    assert "cannot be undone any more" in response.content.decode()
