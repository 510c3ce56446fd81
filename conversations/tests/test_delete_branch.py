"""A branch goes away whole, and comes back whole."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from accounts.types import Actor
from conversations.exceptions import MessageNotFound, NotRestorable
from conversations.models import Conversation, Generation, Message
from conversations.selectors.messages import open_conversation
from conversations.services.delete_branch import delete_branch, restore_branch
from conversations.services.send_message import send_message
from conversations.services.switch_branch import switch_branch
from conversations.tests.conftest import SCRIPTED, Grown
from conversations.types import Turn
from core.ids import uuid7
from usage.selectors.balance import get_balance

pytestmark = pytest.mark.django_db
Grow = Callable[[str], Grown]
TREE = """
    ask
        one
            more
                deep
        two
            after two
                last
"""


def shown(owner: Actor, grown: Grown) -> list[str]:
    return [message.text for message in open_conversation(owner, grown.conversation.id).messages]


def versions(owner: Actor, grown: Grown, text: str) -> tuple[int, int]:
    (view,) = (message for message in open_conversation(owner, grown.conversation.id).messages if message.text == text)
    return view.sibling_index, view.sibling_count


def living(grown: Grown) -> set[str]:
    return set(Message.objects.filter(conversation=grown.conversation, deleted_at__isnull=True).values_list("text", flat=True))


def test_the_version_before_is_shown_instead_where_it_was_left(owner: Actor, grow: Grow) -> None:
    grown = grow(TREE)
    assert delete_branch(owner, grown.conversation.id, grown["two"].id).id == grown["two"].id
    assert shown(owner, grown) == ["ask", "one", "more", "deep"]
    assert versions(owner, grown, "one") == (1, 1)
    assert living(grown) == {"ask", "one", "more", "deep"}
    assert Message.objects.filter(deleted_at__isnull=False).values("deleted_at").distinct().count() == 1


def test_undo_brings_back_all_of_it_and_where_one_was(owner: Actor, grow: Grow) -> None:
    grown = grow(TREE)
    delete_branch(owner, grown.conversation.id, grown["two"].id)
    restore_branch(owner, grown.conversation.id, grown["two"].id)
    assert shown(owner, grown) == ["ask", "two", "after two", "last"]
    assert versions(owner, grown, "two") == (2, 2)
    switch_branch(owner, grown.conversation.id, grown["one"].id)
    assert shown(owner, grown) == ["ask", "one", "more", "deep"]


def test_the_first_version_gives_way_to_the_one_after_it(owner: Actor, grow: Grow) -> None:
    grown = grow(TREE)
    switch_branch(owner, grown.conversation.id, grown["one"].id)
    delete_branch(owner, grown.conversation.id, grown["one"].id)
    assert shown(owner, grown) == ["ask", "two", "after two", "last"]


def test_without_another_version_the_parent_is_the_end_and_says_that_it_is_unanswered(owner: Actor, grow: Grow) -> None:
    grown = grow(TREE)
    delete_branch(owner, grown.conversation.id, grown["last"].id)
    messages = open_conversation(owner, grown.conversation.id).messages
    assert [message.text for message in messages] == ["ask", "two", "after two"]
    assert [message.unanswered for message in messages] == [False, False, True]


def test_the_only_beginning_leaves_an_empty_conversation_that_can_be_written_in(owner: Actor, grow: Grow) -> None:
    grown = grow(TREE)
    delete_branch(owner, grown.conversation.id, grown["ask"].id)
    assert shown(owner, grown) == []
    turn = send_message(owner, text="anew", client_key=uuid7(), model_key=SCRIPTED, conversation_id=grown.conversation.id)
    assert Message.objects.get(id=turn.user_message_id).parent_id is None
    assert [message.sibling_count for message in open_conversation(owner, grown.conversation.id).messages] == [1, 1]


def test_a_branch_that_is_not_shown_goes_without_moving_anything(owner: Actor, grow: Grow) -> None:
    grown = grow(TREE)
    delete_branch(owner, grown.conversation.id, grown["one"].id)
    assert shown(owner, grown) == ["ask", "two", "after two", "last"]
    assert versions(owner, grown, "two") == (1, 1)


def test_two_deletions_inside_each_other_come_back_in_turn(owner: Actor, grow: Grow) -> None:
    grown = grow(TREE)
    delete_branch(owner, grown.conversation.id, grown["last"].id)
    delete_branch(owner, grown.conversation.id, grown["two"].id)
    with pytest.raises(NotRestorable):
        restore_branch(owner, grown.conversation.id, grown["last"].id)
    restore_branch(owner, grown.conversation.id, grown["two"].id)
    assert shown(owner, grown) == ["ask", "two", "after two"]
    restore_branch(owner, grown.conversation.id, grown["last"].id)
    assert shown(owner, grown) == ["ask", "two", "after two", "last"]


def test_what_is_being_written_in_it_is_stopped_and_nothing_stays_held(owner: Actor, send: Callable[..., Turn]) -> None:
    turn = send()
    delete_branch(owner, turn.conversation_id, turn.user_message_id)
    assert Generation.objects.get().state == "stopped"
    assert get_balance(owner.workspace_id).tokens_held == 0
    assert open_conversation(owner, turn.conversation_id).messages == ()


def test_nobody_writes_below_or_deletes_or_shows_what_is_deleted(owner: Actor, grow: Grow) -> None:
    grown = grow(TREE)
    delete_branch(owner, grown.conversation.id, grown["two"].id)
    with pytest.raises(MessageNotFound):
        send_message(
            owner,
            text="x",
            client_key=uuid7(),
            model_key=SCRIPTED,
            conversation_id=grown.conversation.id,
            parent_id=grown["last"].id,
        )
    for act in (delete_branch, switch_branch):
        with pytest.raises(MessageNotFound):
            act(owner, grown.conversation.id, grown["last"].id)


def test_each_step_is_told_by_a_new_revision(owner: Actor, grow: Grow) -> None:
    grown = grow(TREE)

    def revision() -> int:
        return Conversation.objects.get(id=grown.conversation.id).revision

    start = revision()
    delete_branch(owner, grown.conversation.id, grown["one"].id)
    assert revision() == start + 1
    restore_branch(owner, grown.conversation.id, grown["one"].id)
    assert revision() > start + 1
