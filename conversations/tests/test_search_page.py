"""`/search/` and the place of a hit, with and without JavaScript."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.test import Client

from accounts.models import User
from accounts.types import Actor
from conversations.models import Conversation, Message, SearchEntry
from conversations.selectors.around import open_at
from conversations.services.index_messages import index_messages
from conversations.tests.test_pages import HTMX, answer, sign_in, url
from conversations.types import Turn
from core.ids import uuid7

pytestmark = pytest.mark.django_db
Send = Callable[..., Turn]


def indexed(turn: Turn) -> Turn:
    index_messages(list(Message.objects.filter(conversation_id=turn.conversation_id).values_list("id", flat=True)))
    return turn


def test_the_page_shows_hits_that_lead_to_their_message(owner: Actor, send: Send) -> None:
    turn = indexed(send("<b>hostile</b> apple"))
    page = sign_in(owner).get("/search/", {"q": "apple", "role": "user"}).content.decode()
    assert f"/c/{turn.conversation_id}/?at={turn.user_message_id}#m-{turn.user_message_id}" in page
    assert "&lt;b&gt;hostile&lt;/b&gt; <mark>apple</mark>" in page
    assert '<option value="user" selected>' in page


def test_the_fragment_alone_for_the_dialog_and_recent_chats_when_nothing_is_typed(owner: Actor, send: Send) -> None:
    indexed(send("red apple"))
    client = sign_in(owner)
    assert "<html" not in client.get("/search/", {"q": "apple"}, **HTMX).content.decode()
    assert "Recent" in client.get("/search/", **HTMX).content.decode()
    assert "Nothing found" in client.get("/search/", {"q": "pear"}, **HTMX).content.decode()


@pytest.mark.parametrize(
    "query",
    [
        {"q": "\x00"},
        {"q": "'\"&|!():*\\"},
        {"q": "x" * 9000},
        {"q": "a", "page": "-1"},
        {"q": "a", "page": "9" * 99},
        {"q": "apple", "page": "²"},
        {"q": "apple", "days": "x", "role": "x", "where": "x", "chat": "x", "model": "\x00"},
    ],
)
def test_whatever_the_address_says_is_answered(owner: Actor, send: Send, query: dict[str, str]) -> None:
    indexed(send("an apple"))
    assert sign_in(owner).get("/search/", query).status_code == 200


def test_days_of_ones_own_are_those_of_ones_time_zone_and_what_is_no_day_is_said(owner: Actor, send: Send) -> None:
    turn = indexed(send("an apple"))
    User.objects.filter(id=owner.user_id).update(time_zone="Asia/Kolkata")
    SearchEntry.objects.filter(message_id=turn.user_message_id).update(said_at=datetime(2026, 3, 9, 18, 45, tzinfo=UTC))  # the 10th there
    client = sign_in(owner)

    def found(**days: str) -> bool:
        return "<mark>apple</mark>" in client.get("/search/", {"q": "apple", "role": "user", **days}).content.decode()

    given = [{"from": "2026-03-10"}, {"to": "2026-03-10"}, {"from": "2026-03-10", "to": "2026-03-10"}]
    assert all(found(**days) for days in given)
    assert not any(found(**days) for days in ({"from": "2026-03-11"}, {"to": "2026-03-09"}))
    for wrong in ({"from": "2026-03-11", "to": "2026-03-10"}, {"from": "tomorrow"}, {"to": "0001-01-01"}, {"to": "9999-12-31"}):
        page = client.get("/search/", {"q": "apple", **wrong}).content.decode()
        assert 'role="alert"' in page
        assert 'aria-invalid="true"' in page
        assert "<mark>" not in page


def test_nobody_searches_without_signing_in() -> None:
    assert Client().get("/search/", {"q": "x"}).status_code == 302


def long_conversation(owner: Actor, turns: int) -> list[UUID]:
    """`message 0`, `message 1` ... on one branch; their ids."""
    about = {"workspace_id": owner.workspace_id}
    conversation = Conversation.objects.create(owner_id=owner.user_id, **about)
    made: list[Message] = []
    for number in range(turns):
        above = made[-1] if made else None
        role = "assistant" if number % 2 else "user"
        made.append(Message(conversation=conversation, parent=above, role=role, text=f"message {number}.", **about))
    Message.objects.bulk_create(made)
    Conversation.objects.filter(id=conversation.id).update(active_leaf=made[-1])
    return [message.id for message in made]


def test_a_message_of_the_shown_branch_opens_in_the_conversation_itself(owner: Actor, send: Send) -> None:
    turn = send()
    client = sign_in(owner)
    where = f"/c/{turn.conversation_id}/?at={turn.user_message_id}#m-{turn.user_message_id}"
    assert client.get(url("around", turn.conversation_id, turn.user_message_id))["Location"] == where
    assert client.get(where).status_code == 200
    assert client.get(f"/c/{turn.conversation_id}/?at=x").status_code == 200
    gone = client.get(f"/c/{turn.conversation_id}/?at={uuid7()}")
    assert gone.status_code == 200
    assert "is not here any more" in gone.content.decode()


def test_one_far_up_opens_with_what_is_around_it_and_the_gap_is_filled_from_both_ends(owner: Actor) -> None:
    ids = long_conversation(owner, 180)
    conversation_id = Conversation.objects.get().id
    client = sign_in(owner)
    page = client.get(url("detail", conversation_id), {"at": str(ids[16])}).content.decode()
    assert page.count("<article") == 60
    assert page.index("message 6.") < page.index("message 16.") < page.index("message 35.") < page.index("message 150.")
    assert "114 more messages up to the latest" in page
    assert f"older/?before={ids[6]}" in page
    assert f'name="parent" value="{ids[-1]}"' in page
    between, end = url("between", conversation_id, ids[35]), str(ids[150])
    above = client.get(between, {"before": end}, **HTMX).content.decode()
    assert (above.count("<article"), "message 36." in above, "message 65." in above) == (30, True, True)
    assert above.index("message 65.") < above.index("84 more messages")
    below = client.get(between, {"before": end, "from": "below"}, **HTMX).content.decode()
    assert (below.count("<article"), "message 120." in below, "message 149." in below) == (30, True, True)
    assert below.index("84 more messages") < below.index("message 120.")
    last = client.get(between, {"before": str(ids[38])}, **HTMX).content.decode()
    assert (last.count("<article"), "more message" in last) == (2, False)
    assert client.get(between, {"before": end})["Location"].startswith(f"/c/{conversation_id}/?at=")
    for wrong in ({}, {"before": "x"}, {"before": str(ids[4])}):
        assert client.get(between, wrong, **HTMX).status_code == 404


def test_a_long_conversation_opens_at_a_message_with_few_queries(
    owner: Actor, django_assert_max_num_queries: Callable[[int], AbstractContextManager[object]]
) -> None:
    ids = long_conversation(owner, 160)
    conversation_id = Conversation.objects.get().id
    with django_assert_max_num_queries(12):
        found = open_at(owner, conversation_id, ids[2])
    assert found is not None
    assert found.stretch is not None
    assert [message.id for message in found.stretch.messages[:3]] == ids[:3]
    near = open_at(owner, conversation_id, ids[50])
    assert near is not None
    assert near.stretch is None


def test_a_message_on_another_branch_opens_there_and_changes_nothing_until_one_switches(owner: Actor, send: Send) -> None:
    turn = send("question")
    answer(turn, "the first answer")
    other = Message.objects.create(
        conversation_id=turn.conversation_id,
        workspace_id=owner.workspace_id,
        parent_id=turn.user_message_id,
        role="assistant",
        text="another answer",
    )
    client = sign_in(owner)
    there = url("around", turn.conversation_id, other.id)
    assert client.get(url("detail", turn.conversation_id), {"at": str(other.id)})["Location"] == there
    page = client.get(there).content.decode()
    assert "another answer" in page
    assert "the first answer" not in page
    assert "another version of the conversation" in page
    assert Conversation.objects.get().active_leaf_id == turn.assistant_message_id
    shown = client.post(url("show", turn.conversation_id, other.id))
    assert shown["Location"] == f"/c/{turn.conversation_id}/?at={other.id}#m-{other.id}"
    assert Conversation.objects.get().active_leaf_id == other.id
