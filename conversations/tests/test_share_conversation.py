"""A link shows a copy of what was shown when it was made, to anybody, as long as its owner wants."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.types import Actor
from conversations.exceptions import NothingToShare, ShareNotFound, TemporaryNotShared, TooLongToShare
from conversations.models import Conversation, Generation, Message, Share, SharedMessage
from conversations.reading_types import ShareOptions
from conversations.selectors.shares import find_shared, list_shares, read_shared
from conversations.services import share_conversation as service
from conversations.services.delete_conversation import delete_conversation, restore_conversation
from conversations.services.erase_shares import erase_old_shares
from conversations.services.regenerate import regenerate
from conversations.services.revoke_share import restore_share, revoke_share
from conversations.services.share_conversation import share_conversation, update_share
from conversations.tests.test_pages import answer
from conversations.types import Turn
from core.exceptions import RateLimited
from core.ids import uuid7

pytestmark = pytest.mark.django_db
Send = Callable[..., Turn]


@pytest.fixture
def turn(send: Send) -> Turn:
    turn = send("What is *this*?")
    answer(turn)
    return turn


def make(actor: Actor, conversation_id: UUID, **options: Any) -> Share:
    return share_conversation(actor, conversation_id, ShareOptions(**options), uuid7())


def texts(share: Share) -> list[str]:
    return [message.text for message in read_shared(find_shared(share.token)).messages]


def test_what_comes_later_stays_private_until_the_link_is_updated(owner: Actor, send: Send, turn: Turn) -> None:
    share = make(owner, turn.conversation_id)
    later = send("A second thought", turn.conversation_id)
    answer(later, "Noted.")
    assert texts(share) == ["What is *this*?", "An **answer**."]
    updated = update_share(owner, share.id)
    assert texts(updated) == ["What is *this*?", "An **answer**.", "A second thought", "Noted."]
    assert updated.token == share.token


def test_the_snapshot_survives_changes_of_the_original(owner: Actor, turn: Turn) -> None:
    share = make(owner, turn.conversation_id)
    Message.objects.filter(conversation_id=turn.conversation_id).update(text="changed", html="<p>changed</p>")
    page = read_shared(find_shared(share.token))
    assert [message.html for message in page.messages] == ["", '<p dir="auto">An <strong>answer</strong>.</p>\n']


def test_only_the_shown_branch_and_only_what_is_finished_is_shared(owner: Actor, turn: Turn) -> None:
    running = regenerate(owner, turn.conversation_id, turn.assistant_message_id)
    assert texts(make(owner, turn.conversation_id)) == ["What is *this*?"]
    answer(running, "Another answer.")
    assert texts(make(owner, turn.conversation_id)) == ["What is *this*?", "Another answer."]


def test_nothing_private_is_copied_unless_it_was_chosen(owner: Actor, turn: Turn) -> None:
    User.objects.filter(id=owner.user_id).update(name="Ada Owner")
    Conversation.objects.update(system_prompt="Be brief.")
    Message.objects.filter(role="assistant").update(reasoning="a thought")
    Generation.objects.update(reasoning_seconds=7)
    silent, open_ = make(owner, turn.conversation_id), make(owner, turn.conversation_id, name=True, reasoning=True, system_prompt=True)
    assert (silent.author_name, silent.system_prompt) == ("", "")
    assert not SharedMessage.objects.filter(share=silent).exclude(reasoning="", reasoning_seconds=None).exists()
    assert (open_.author_name, open_.system_prompt) == ("Ada Owner", "Be brief.")
    rows = open_.messages.order_by("position")
    assert [(row.reasoning, row.reasoning_seconds) for row in rows] == [("", None), ("a thought", 7.0)]
    Conversation.objects.update(system_prompt="Be rude.")
    assert update_share(owner, silent.id).system_prompt == ""
    assert update_share(owner, open_.id).system_prompt == "Be rude."


def test_somebody_without_a_name_stays_nameless(owner: Actor, turn: Turn) -> None:
    assert make(owner, turn.conversation_id, name=True).author_name == ""


def test_the_same_key_is_the_same_link_and_another_key_another(owner: Actor, turn: Turn) -> None:
    key = uuid7()
    first, again = (share_conversation(owner, turn.conversation_id, ShareOptions(), key) for _ in range(2))
    assert first.id == again.id
    assert make(owner, turn.conversation_id).token != first.token
    assert Share.objects.count() == 2


def test_tokens_cannot_be_guessed(owner: Actor, turn: Turn) -> None:
    tokens = {make(owner, turn.conversation_id).token for _ in range(20)}
    assert len(tokens) == 20
    assert all(len(token) * 6 >= 128 for token in tokens)


def test_a_revoked_link_leads_nowhere_and_comes_back(owner: Actor, turn: Turn) -> None:
    share = make(owner, turn.conversation_id)
    assert revoke_share(owner, share.id).state == "revoked"
    with pytest.raises(ShareNotFound):
        find_shared(share.token)
    with pytest.raises(ShareNotFound):
        update_share(owner, share.id)
    assert restore_share(owner, share.id).state == "active"
    assert find_shared(share.token).id == share.id


def test_an_expired_link_leads_nowhere(owner: Actor, turn: Turn) -> None:
    share = make(owner, turn.conversation_id, days=7)
    assert share.expires_at is not None
    assert timedelta(days=6) < share.expires_at - timezone.now() <= timedelta(days=7)
    assert find_shared(share.token).id == share.id
    Share.objects.update(expires_at=timezone.now())
    with pytest.raises(ShareNotFound):
        find_shared(share.token)
    assert list_shares(owner).items[0].state == "expired"


def test_links_stop_with_their_conversation_and_come_back_with_it(owner: Actor, turn: Turn) -> None:
    share = make(owner, turn.conversation_id)
    delete_conversation(owner, turn.conversation_id)
    with pytest.raises(ShareNotFound):
        find_shared(share.token)
    assert list_shares(owner).items[0].state == "deleted"
    restore_conversation(owner, turn.conversation_id)
    assert find_shared(share.token).id == share.id
    Conversation.objects.filter(id=turn.conversation_id).delete()
    assert not Share.objects.exists()
    assert not SharedMessage.objects.exists()


def test_links_of_somebody_who_was_shut_out_stop(owner: Actor, turn: Turn) -> None:
    share = make(owner, turn.conversation_id)
    User.objects.filter(id=owner.user_id).update(is_active=False)
    with pytest.raises(ShareNotFound):
        find_shared(share.token)


def test_what_cannot_be_shared_says_why(owner: Actor, send: Send, turn: Turn, monkeypatch: pytest.MonkeyPatch) -> None:
    empty = Conversation.objects.create(owner_id=owner.user_id, workspace_id=owner.workspace_id)
    with pytest.raises(NothingToShare):
        make(owner, empty.id)
    Conversation.objects.filter(id=turn.conversation_id).update(expires_at=timezone.now() + timedelta(days=1))
    with pytest.raises(TemporaryNotShared):
        make(owner, turn.conversation_id)
    Conversation.objects.update(expires_at=None)
    monkeypatch.setattr("conversations.services.snapshot_branch.MOST_BYTES", 10)
    with pytest.raises(TooLongToShare):
        make(owner, turn.conversation_id)
    assert not Share.objects.exists()


def test_links_are_made_at_a_human_pace(owner: Actor, turn: Turn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "SNAPSHOTS_AN_HOUR", 2)
    share = make(owner, turn.conversation_id)
    make(owner, turn.conversation_id)
    with pytest.raises(RateLimited):
        make(owner, turn.conversation_id)
    with pytest.raises(RateLimited):
        update_share(owner, share.id)


def test_what_nobody_can_read_any_more_is_erased(owner: Actor, turn: Turn) -> None:
    kept, revoked, expired = (make(owner, turn.conversation_id) for _ in range(3))
    just_revoked = make(owner, turn.conversation_id)
    revoke_share(owner, just_revoked.id)
    Share.objects.filter(id=revoked.id).update(revoked_at=timezone.now() - timedelta(days=8))
    Share.objects.filter(id=expired.id).update(expires_at=timezone.now() - timedelta(days=31))
    assert erase_old_shares() == 2
    assert {share.id for share in Share.objects.all()} == {kept.id, just_revoked.id}
    assert set(SharedMessage.objects.values_list("share_id", flat=True)) == {kept.id, just_revoked.id}
    assert erase_old_shares() == 0


def test_a_stranger_can_do_nothing_with_a_link_but_read_it(owner: Actor, stranger: Actor, turn: Turn) -> None:
    share = make(owner, turn.conversation_id)
    for act in (revoke_share, restore_share, update_share):
        with pytest.raises(ShareNotFound):
            act(stranger, share.id)
    assert list_shares(stranger).items == ()
    assert Client().get(f"/s/{share.token}/").status_code == 200
