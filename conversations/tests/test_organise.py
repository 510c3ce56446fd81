"""Pin, archive, folders, read: what the sidebar shows afterwards, and what every page is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from accounts.types import Actor
from conversations.exceptions import ConversationNotFound, FolderNameTaken, FolderNotFound, NotUndoable, TooManyPinned
from conversations.models import Conversation, Folder
from conversations.selectors import conversations as lists
from conversations.selectors.conversations import list_archived, list_conversations, list_folder, sidebar
from conversations.services.archive_conversation import archive_conversation, unarchive_conversation
from conversations.services.create_folder import create_folder
from conversations.services.delete_conversation import delete_conversation, restore_conversation
from conversations.services.delete_folder import delete_folder
from conversations.services.mark_read import mark_read
from conversations.services.move_to_folder import move_to_folder
from conversations.services.pin_conversation import pin_conversation, unpin_conversation
from conversations.services.rename_folder import rename_folder
from conversations.services.undo_change import undo_change
from conversations.tests.listener import Listener
from conversations.tests.test_pages import answer
from conversations.types import Turn
from core.exceptions import InvalidInput

pytestmark = pytest.mark.django_db(transaction=True)
Send = Callable[..., Turn]


@pytest.fixture
def heard() -> Iterator[Callable[[], list[dict[str, Any]]]]:
    listener = Listener()
    yield listener.events
    listener.close()


def titles(actor: Actor, *open_folders: Folder) -> dict[str, list[str]]:
    """The sidebar: the titles of the pinned, of each folder, and of the groups by date."""
    view = sidebar(actor, open_folders=[folder.id.hex[-12:] for folder in open_folders])
    shown = {"pinned": [item.title for item in view.pinned], "": [item.title for item in view.dated.items]}
    return shown | {folder.name: [item.title for item in folder.page.items] for folder in view.folders}


def test_a_pinned_one_stands_above_and_goes_back_by_its_date(owner: Actor, send: Send) -> None:
    first, second = send("first"), send("second")
    before = Conversation.objects.get(id=first.conversation_id)
    pin_conversation(owner, first.conversation_id)
    assert titles(owner) == {"pinned": ["first"], "": ["second"]}
    pin_conversation(owner, second.conversation_id)
    assert titles(owner)["pinned"] == ["second", "first"]
    unpin_conversation(owner, first.conversation_id)
    unpin_conversation(owner, second.conversation_id)
    assert titles(owner) == {"pinned": [], "": ["second", "first"]}
    assert Conversation.objects.get(id=first.conversation_id).last_activity_at == before.last_activity_at


def test_so_many_are_pinned_and_no_more(owner: Actor, send: Send, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("conversations.services.pin_conversation.PINNED_LIMIT", 1)
    pin_conversation(owner, send("first").conversation_id)
    second = send("second").conversation_id
    with pytest.raises(TooManyPinned):
        pin_conversation(owner, second)
    assert titles(owner)["pinned"] == ["first"]


def test_an_archived_one_is_in_the_archive_until_it_is_taken_out_or_written_into(owner: Actor, send: Send) -> None:
    turn = send("kept")
    answer(turn)
    archive_conversation(owner, turn.conversation_id)
    assert titles(owner)[""] == []
    assert [item.title for item in list_archived(owner).items] == ["kept"]
    unarchive_conversation(owner, turn.conversation_id)
    assert titles(owner)[""] == ["kept"]
    archive_conversation(owner, turn.conversation_id)
    send("more", turn.conversation_id)
    assert titles(owner)[""] == ["kept"]
    assert list_archived(owner).items == ()


def test_a_folder_holds_what_is_moved_into_it(owner: Actor, send: Send) -> None:
    turn, other = send("inside"), send("outside")
    folder = create_folder(owner, "  Work\n things ")
    assert folder.name == "Work things"
    move_to_folder(owner, turn.conversation_id, folder.id)
    assert titles(owner, folder) == {"pinned": [], "": ["outside"], "Work things": ["inside"]}
    assert titles(owner)["Work things"] == []  # closed
    assert [item.title for item in list_folder(owner, folder.id).items] == ["inside"]
    second = create_folder(owner, "another", other.conversation_id)
    assert titles(owner, folder, second) == {"pinned": [], "": [], "another": ["outside"], "Work things": ["inside"]}
    assert move_to_folder(owner, turn.conversation_id, None)[1] == folder.id
    assert titles(owner)[""] == ["inside"]


def test_a_deleted_folder_leaves_its_conversations_and_comes_back_with_them(owner: Actor, send: Send, stranger: Actor) -> None:
    turn = send("inside")
    folder = create_folder(owner, "Work", turn.conversation_id)
    _, token = delete_folder(owner, folder.id)
    assert titles(owner) == {"pinned": [], "": ["inside"]}
    with pytest.raises(NotUndoable):
        undo_change(stranger, token)
    assert undo_change(owner, token) == 1
    assert titles(owner, folder) == {"pinned": [], "": [], "Work": ["inside"]}
    with pytest.raises(NotUndoable):
        undo_change(owner, token)


def test_folders_have_names_of_their_own(owner: Actor, stranger: Actor) -> None:
    folder = create_folder(owner, "Work")
    create_folder(stranger, "Work")
    with pytest.raises(FolderNameTaken):
        create_folder(owner, "Work")
    other = create_folder(owner, "Home")
    with pytest.raises(FolderNameTaken):
        rename_folder(owner, other.id, "Work")
    with pytest.raises(InvalidInput):
        rename_folder(owner, other.id, " \n ")
    assert rename_folder(owner, folder.id, "Play").name == "Play"


def test_nobody_reaches_the_folders_of_others(owner: Actor, stranger: Actor, send: Send) -> None:
    turn, folder = send("mine"), create_folder(owner, "Work")
    foreign = create_folder(stranger, "Foreign")
    for refused in (lambda: rename_folder(stranger, folder.id, "x"), lambda: delete_folder(stranger, folder.id)):
        with pytest.raises(FolderNotFound):
            refused()
    with pytest.raises(FolderNotFound):
        move_to_folder(owner, turn.conversation_id, foreign.id)
    with pytest.raises(ConversationNotFound):
        create_folder(stranger, "Stolen", turn.conversation_id)
    assert not Folder.objects.filter(name="Stolen").exists()


def test_an_answer_is_unread_until_it_was_seen_and_every_page_hears_of_it(
    owner: Actor, stranger: Actor, send: Send, heard: Callable[[], list[dict[str, Any]]]
) -> None:
    turn = send()
    assert not sidebar(owner).dated.items[0].unread
    heard()
    answer(turn)
    (news,) = [event for event in heard() if event["type"] == "conversation"]
    assert "data-unread" in news["html"]
    revision = Conversation.objects.get().revision
    with pytest.raises(ConversationNotFound):
        mark_read(stranger, turn.conversation_id)
    assert mark_read(owner, turn.conversation_id)
    (news,) = heard()
    assert "data-unread" not in news["html"]
    assert not mark_read(owner, turn.conversation_id)
    assert heard() == []
    assert Conversation.objects.get().revision == revision


def test_every_change_of_a_row_is_told_with_its_place(owner: Actor, send: Send, heard: Callable[[], list[dict[str, Any]]]) -> None:
    turn, folder = send(), create_folder(owner, "Work")
    heard()

    def place() -> str | None:
        (news,) = [event for event in heard() if event["type"] == "conversation"]
        assert news["revision"] == Conversation.objects.get().revision
        return news["html"].split('data-place="')[1].split('"')[0] if news["html"] else None

    pin_conversation(owner, turn.conversation_id)
    assert place() == "pinned"
    move_to_folder(owner, turn.conversation_id, folder.id)
    assert place() == "pinned"
    unpin_conversation(owner, turn.conversation_id)
    assert place() == str(folder.id)
    archive_conversation(owner, turn.conversation_id)
    assert place() is None
    unarchive_conversation(owner, turn.conversation_id)
    assert place() == str(folder.id)


def test_what_was_deleted_comes_back_once_however_often_it_is_asked(
    owner: Actor, stranger: Actor, send: Send, heard: Callable[[], list[dict[str, Any]]]
) -> None:
    turn = send()
    delete_conversation(owner, turn.conversation_id)
    with pytest.raises(ConversationNotFound):
        restore_conversation(stranger, turn.conversation_id)
    restored = restore_conversation(owner, turn.conversation_id)
    heard()
    again = restore_conversation(owner, turn.conversation_id)
    assert (again.id, again.revision, again.deleted_at) == (restored.id, restored.revision, None)
    assert heard() == []
    with pytest.raises(ConversationNotFound):
        restore_conversation(stranger, turn.conversation_id)


def test_long_lists_come_by_pages_in_folders_too(owner: Actor, monkeypatch: pytest.MonkeyPatch, send: Send) -> None:
    monkeypatch.setattr(lists, "PAGE_SIZE", 2)
    folder = create_folder(owner, "Work")
    for number in range(3):
        move_to_folder(owner, send(f"in {number}").conversation_id, folder.id)
    for number in range(3):
        send(f"out {number}")
    view = sidebar(owner, open_folders=[folder.id.hex[-12:]], rows=0)
    assert [item.title for item in view.folders[0].page.items] == ["in 2", "in 1"]
    assert [item.title for item in list_folder(owner, folder.id, view.folders[0].page.next_cursor).items] == ["in 0"]
    assert [item.title for item in view.dated.items] == ["out 2", "out 1"]
    assert [item.title for item in list_conversations(owner, view.dated.next_cursor).items] == ["out 0"]
    assert len(sidebar(owner, rows=3).dated.items) == 3
