"""Another version is chosen: the choice is kept, and nothing that was said later is hidden by it."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest

from accounts.types import Actor
from conversations import tree
from conversations.exceptions import MessageNotFound
from conversations.models import Conversation, Message, MessageRole
from conversations.services.switch_branch import switch_branch
from conversations.tests.conftest import Grown

pytestmark = pytest.mark.django_db


def leaf_of(grown: Grown) -> str:
    conversation = Conversation.objects.select_related("active_leaf").get(id=grown.conversation.id)
    return conversation.active_leaf.text if conversation.active_leaf else ""


@pytest.fixture
def grown(owner: Actor, grow: Callable[[str], Grown]) -> Grown:
    """Two answers to the first question; a longer way below the first of them, which is shown."""
    return grow(
        """
        ask
            one
                more
                    deep
                    deeper
                        last
                            end
            two
        """
    )


def show(owner: Actor, grown: Grown, text: str) -> str:
    switch_branch(owner, grown.conversation.id, grown[text].id)
    return leaf_of(grown)


def test_coming_back_one_continues_where_one_was(owner: Actor, grown: Grown) -> None:
    assert show(owner, grown, "deep") == "deep"
    assert show(owner, grown, "two") == "two"
    assert show(owner, grown, "one") == "deep"
    assert show(owner, grown, "deeper") == "end"
    assert show(owner, grown, "two") == "two"
    assert show(owner, grown, "one") == "end"


def test_what_was_said_below_meanwhile_is_shown_on_coming_back(owner: Actor, grown: Grown) -> None:
    show(owner, grown, "deep")
    show(owner, grown, "two")
    grown.add("said meanwhile", below="deep")
    assert show(owner, grown, "one") == "said meanwhile"


def test_showing_what_is_shown_already_changes_nothing(owner: Actor, grown: Grown) -> None:
    show(owner, grown, "deep")
    before = Conversation.objects.values().get()
    for text in ("ask", "one", "more", "deep"):
        assert show(owner, grown, text) == "deep"
    assert Conversation.objects.values().get() == before


def test_a_message_deep_in_another_branch_is_shown_and_what_is_left_remembered(owner: Actor, grown: Grown) -> None:
    show(owner, grown, "two")
    assert show(owner, grown, "last") == "end"
    show(owner, grown, "two")
    assert show(owner, grown, "one") == "end"


def test_versions_of_the_first_question_are_left_and_found_again(owner: Actor, grown: Grown) -> None:
    other = grown.add("another beginning", below=None)
    show(owner, grown, "deep")
    assert show(owner, grown, other.text) == "another beginning"
    assert show(owner, grown, "ask") == "deep"


def test_a_deleted_branch_is_neither_shown_nor_counted_nor_come_back_to(owner: Actor, grown: Grown) -> None:
    show(owner, grown, "deep")
    show(owner, grown, "two")
    grown.delete("deep")
    assert show(owner, grown, "one") == "end"
    with pytest.raises(MessageNotFound):
        show(owner, grown, "deep")


@pytest.mark.parametrize(
    ("leaf", "other", "expected"), [("end", "two", "one"), ("deep", "end", "deep"), ("end", "ask", None), ("one", "deep", None)]
)
def test_where_two_ways_part(grown: Grown, leaf: str, other: str, expected: str | None) -> None:
    found = tree.parting(grown.conversation.id, grown[leaf].id, grown[other].id)
    assert found == (grown[expected].id if expected else None)


def test_a_switch_far_above_in_a_long_conversation_walks_once(owner: Actor, grow: Callable[[str], Grown]) -> None:
    grown = grow("first\n    one\n    two")
    parent: UUID = grown["one"].id
    for number in range(300):
        role = MessageRole.USER if number % 2 == 0 else MessageRole.ASSISTANT
        parent = Message.objects.create(
            conversation=grown.conversation, workspace_id=owner.workspace_id, parent_id=parent, role=role, text=str(number)
        ).id
    assert show(owner, grown, "one") == "299"
    assert show(owner, grown, "two") == "two"
    assert show(owner, grown, "one") == "299"
