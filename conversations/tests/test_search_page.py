"""`/search/` and the place of a hit, with and without JavaScript."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.types import Actor
from conversations.models import Conversation, Message
from conversations.services.index_messages import index_messages
from conversations.tests.test_pages import HTMX, answer, sign_in, url
from conversations.types import Turn

pytestmark = pytest.mark.django_db
Send = Callable[..., Turn]


def indexed(turn: Turn) -> Turn:
    index_messages(list(Message.objects.filter(conversation_id=turn.conversation_id).values_list("id", flat=True)))
    return turn


def test_the_page_shows_hits_that_lead_to_their_message(owner: Actor, send: Send) -> None:
    turn = indexed(send("<b>hostile</b> apple"))
    page = sign_in(owner).get("/search/", {"q": "apple", "role": "user"}).content.decode()
    assert f"/c/{turn.conversation_id}/m/{turn.user_message_id}/around/" in page
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


def test_nobody_searches_without_signing_in() -> None:
    assert Client().get("/search/", {"q": "x"}).status_code == 302


def test_a_late_message_opens_in_the_conversation_itself(owner: Actor, send: Send) -> None:
    turn = send()
    response = sign_in(owner).get(url("around", turn.conversation_id, turn.user_message_id))
    assert response["Location"] == f"/c/{turn.conversation_id}/#m-{turn.user_message_id}"


def test_an_early_message_opens_with_what_is_around_it(owner: Actor, send: Send) -> None:
    turns = [send("question 0")]
    answer(turns[0])
    for number in range(1, 30):
        turns.append(send(f"question {number}", turns[0].conversation_id))
        answer(turns[-1])
    page = sign_in(owner).get(url("around", turns[0].conversation_id, turns[8].user_message_id)).content.decode()
    assert page.count("<article") == 17
    assert f'data-found="m-{turns[8].user_message_id}"' in page
    assert "Show earlier messages" in page
    assert "Show later messages" in page
    assert "another version" not in page


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
    page = client.get(url("around", turn.conversation_id, other.id)).content.decode()
    assert "another answer" in page
    assert "the first answer" not in page
    assert "another version of the conversation" in page
    assert Conversation.objects.get().active_leaf_id == turn.assistant_message_id
    client.post(url("show", turn.conversation_id, other.id))
    assert Conversation.objects.get().active_leaf_id == other.id
