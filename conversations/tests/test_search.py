"""Search finds what is one's own, and shows where."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.utils import timezone

from accounts.types import Actor
from conversations.models import Conversation, Generation, Message, SearchEntry
from conversations.search.results import SearchFilters
from conversations.selectors import search as selector
from conversations.selectors.search import search
from conversations.services.index_messages import index_messages

pytestmark = pytest.mark.django_db


def said(
    actor: Actor,
    *texts: str,
    title: str = "A chat",
    conversation: Conversation | None = None,
    days_ago: float = 0,
    model: str = "",
    **fields: object,
) -> Conversation:
    """Questions and answers in turns, indexed."""
    moment = timezone.now() - timedelta(days=days_ago)
    conversation = conversation or Conversation.objects.create(
        owner_id=actor.user_id, workspace_id=actor.workspace_id, title=title, last_activity_at=moment, **fields
    )
    parent = conversation.active_leaf
    for number, text in enumerate(texts):
        role = "assistant" if number % 2 else "user"
        parent = Message.objects.create(
            conversation=conversation, workspace_id=actor.workspace_id, parent=parent, role=role, text=text, created_at=moment
        )
        if role == "assistant":
            Generation.objects.create(
                message=parent, conversation=conversation, workspace_id=actor.workspace_id, state="completed", model_key=model or "a:b",
                model_name=model or "B", max_output_tokens=1,
            )  # fmt: skip
        index_messages([parent.id])
    Conversation.objects.filter(id=conversation.id).update(active_leaf=parent)
    conversation.active_leaf = parent
    return conversation


def texts(actor: Actor, typed: str, **filters: object) -> list[str]:
    results = search(actor, typed, SearchFilters(**filters))  # type: ignore[arg-type]
    return [hit.snippet.replace("<mark>", "").replace("</mark>", "") for hit in results.messages]


def test_a_message_is_found_with_its_place_and_its_hit_marked(owner: Actor) -> None:
    chat = said(owner, "How do I store red apples?", "In a cool cellar.", title="Fruit")
    (hit,) = search(owner, "apple").messages
    assert (hit.conversation_id, hit.title, hit.role) == (chat.id, "Fruit", "user")
    assert hit.snippet == "How do I store red <mark>apple</mark>s?"


def test_nobody_finds_what_is_not_theirs(owner: Actor, stranger: Actor) -> None:
    said(owner, "a secret word", title="secret title")
    assert search(stranger, "secret").empty
    assert search(Actor(owner.user_id, stranger.workspace_id), "secret").empty
    assert not search(stranger, "secrte").corrected


def test_what_is_deleted_or_expired_is_not_found(owner: Actor) -> None:
    now = timezone.now()
    said(owner, "apple one", title="apple", deleted_at=now)
    said(owner, "apple two", title="apple", expires_at=now - timedelta(seconds=1))
    said(owner, "apple five", "the orchard", title="apple", expires_at=now + timedelta(hours=1))  # temporary: in no search
    kept = said(owner, "apple three", "apple four")
    Message.objects.filter(text="apple four").update(deleted_at=now)
    results = search(owner, "apple")
    assert [hit.conversation_id for hit in results.messages] == [kept.id]
    assert results.total == 1
    assert results.titles == ()
    assert not search(owner, "orchadr").corrected


def test_filters(owner: Actor) -> None:
    said(owner, "apple asked", "apple answered", model="x:small", days_ago=10)
    said(owner, "apple pinned", pinned_at=timezone.now())
    archived = said(owner, "apple archived", archived_at=timezone.now(), days_ago=40)
    week = timezone.now() - timedelta(days=7)
    everything = {"apple asked", "apple answered", "apple pinned"}
    assert set(texts(owner, "apple")) == everything
    assert texts(owner, "apple", role="assistant") == ["apple answered"]
    assert texts(owner, "apple", model_key="x:small") == ["apple answered"]
    assert texts(owner, "apple", since=week) == ["apple pinned"]
    assert set(texts(owner, "apple", until=week)) == {"apple asked", "apple answered"}
    assert texts(owner, "apple", where="pinned") == ["apple pinned"]
    assert texts(owner, "apple", where="archived") == ["apple archived"]
    assert set(texts(owner, "apple", where="all")) == everything | {"apple archived"}
    assert texts(owner, "apple", conversation_id=archived.id) == ["apple archived"]


def test_titles_are_found_by_parts_of_words_and_in_spite_of_a_typing_error(owner: Actor) -> None:
    said(owner, "-", title="Kubernetes on a laptop", pinned_at=timezone.now())
    for typed in ("kubernetes", "laptop kuber", "ernet", "kubernets"):
        (hit,) = search(owner, typed).titles
        assert hit.pinned
    assert search(owner, "laptop").titles[0].title == "Kubernetes on a <mark>laptop</mark>"
    assert search(owner, "laptop", SearchFilters(role="user")).titles == ()


@pytest.mark.parametrize("typed", ["recieve", "receve", "receivee", "reseive"])
def test_a_typing_error_finds_the_word_that_was_meant(owner: Actor, typed: str) -> None:
    said(owner, "when will I receive it")
    results = search(owner, typed)
    assert results.corrected == "receive"
    assert results.messages[0].snippet == "when will I <mark>receive</mark> it"
    assert search(owner, "receive").corrected == ""


def test_whole_words_and_young_messages_stand_first(owner: Actor) -> None:
    said(owner, "articles of faith", days_ago=1)
    said(owner, "art of faith", days_ago=2)
    said(owner, "art of faith, long ago", days_ago=900)
    assert texts(owner, "art") == ["art of faith", "articles of faith", "art of faith, long ago"]


def test_one_conversation_does_not_crowd_out_the_others(owner: Actor) -> None:
    crowd = said(owner, *["apple apple apple"] * 9)
    other = said(owner, "one apple among many other words that are here", days_ago=200)
    hits = search(owner, "apple").messages
    assert [hit.conversation_id for hit in hits] == [crowd.id] * 3 + [other.id]
    assert [hit.more_here for hit in hits] == [0, 0, 6, 0]
    assert len(search(owner, "apple", SearchFilters(conversation_id=crowd.id)).messages) == 9


def test_pages_do_not_overlap_and_end(owner: Actor) -> None:
    chat = said(owner, *["apple"] * 45)
    filters = SearchFilters(conversation_id=chat.id)
    pages = [search(owner, "apple", filters, page=number) for number in (1, 2, 3)]
    assert [len(page.messages) for page in pages] == [20, 20, 5]
    assert [page.has_next for page in pages] == [True, True, False]
    assert len({hit.message_id for page in pages for hit in page.messages}) == 45
    assert search(owner, "apple", filters, page=4).messages == ()


@pytest.mark.parametrize(("first_look", "frequent", "complete"), [(5, 2, False), (5, 100, True), (100, 200, True)])
def test_frequent_and_rare_words_are_found_on_different_ways(
    owner: Actor, stranger: Actor, monkeypatch: pytest.MonkeyPatch, first_look: int, frequent: int, complete: bool
) -> None:
    monkeypatch.setattr(selector, "FIRST_LOOK", first_look)
    monkeypatch.setattr(selector, "FREQUENT", frequent)
    monkeypatch.setattr(selector, "LONGEST_LOOK", 8)
    said(stranger, "the apple of somebody else")
    for number in range(10):
        said(owner, f"the apple {number}", days_ago=number)
    results = search(owner, "apple")
    assert results.total == (8 if not complete else 10)
    assert results.complete is complete
    assert results.messages[0].snippet == "the <mark>apple</mark> 0"


@pytest.mark.parametrize("typed", ["", "   ", "-apple", '"', "&|!():*'\\", "%", "a" * 5000, "\x00", "💥"])
def test_anything_may_be_typed(owner: Actor, typed: str) -> None:
    said(owner, "apple")
    assert search(owner, typed).messages == ()


def test_a_conversation_that_is_erased_is_gone_from_search(owner: Actor) -> None:
    chat: UUID = said(owner, "apple").id
    Conversation.objects.filter(id=chat).delete()
    assert not SearchEntry.objects.exists()
    assert search(owner, "apple").empty
