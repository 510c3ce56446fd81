"""Whoever can read a link can go on with it, in a conversation of their own."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from accounts.types import Actor
from conversations.exceptions import ShareNotFound
from conversations.models import Conversation, Generation, Message, Share
from conversations.reading_types import ShareOptions
from conversations.selectors.messages import open_conversation
from conversations.selectors.shares import find_shared, read_shared
from conversations.services import continue_share as service
from conversations.services.continue_share import continue_share
from conversations.services.delete_conversation import delete_conversation
from conversations.services.revoke_share import revoke_share
from conversations.services.send_message import send_message
from conversations.services.share_conversation import share_conversation
from conversations.tests.conftest import SCRIPTED
from conversations.tests.test_pages import answer, sign_in
from conversations.tests.test_shared_page import chain
from conversations.types import Turn
from core.exceptions import RateLimited
from core.ids import uuid7
from usage.models import LedgerEntry
from usage.services import set_allowance

pytestmark = pytest.mark.django_db
Send = Callable[..., Turn]


@pytest.fixture
def share(owner: Actor, send: Send) -> Share:
    turn = send("What is this?")
    answer(turn, "An **answer**.")
    Conversation.objects.update(system_prompt="Be brief.")
    Message.objects.filter(role="assistant").update(reasoning="a thought")
    return share_conversation(owner, turn.conversation_id, ShareOptions(), uuid7())


def test_the_copy_is_ones_own_and_goes_on(stranger: Actor, share: Share) -> None:
    copy = open_conversation(stranger, continue_share(stranger, share.token, uuid7()))
    assert copy.title == share.title
    assert [(m.role, m.text, m.html, m.model_name) for m in copy.messages] == [
        ("user", "What is this?", "", ""),
        ("assistant", "An **answer**.", '<p dir="auto">An <strong>answer</strong>.</p>\n', share.model_names[0]),
    ]
    more = send_message(stranger, text="And then?", client_key=uuid7(), model_key=SCRIPTED, conversation_id=copy.id)
    assert more.conversation_id == copy.id
    assert [m.text for m in read_shared(find_shared(share.token)).messages] == ["What is this?", "An **answer**."]


def test_it_costs_nothing_and_knows_nothing_of_the_owner(owner: Actor, stranger: Actor, share: Share) -> None:
    before = LedgerEntry.objects.count()
    copied = continue_share(stranger, share.token, uuid7())
    conversation = Conversation.objects.get(id=copied)
    rows = Message.objects.filter(conversation_id=copied)
    assert (conversation.owner_id, conversation.workspace_id) == (stranger.user_id, stranger.workspace_id)
    assert {row.workspace_id for row in rows} == {stranger.workspace_id}
    assert {row.author_id for row in rows} == {None}
    assert {row.reasoning for row in rows} == {""}
    assert not Generation.objects.filter(conversation_id=copied).exists()
    assert LedgerEntry.objects.count() == before


def test_the_system_prompt_comes_along_only_if_it_was_shared(owner: Actor, stranger: Actor, share: Share) -> None:
    shown = share_conversation(owner, share.conversation_id, ShareOptions(system_prompt=True, reasoning=True), uuid7())
    prompts = [Conversation.objects.get(id=continue_share(stranger, link.token, uuid7())).system_prompt for link in (share, shown)]
    assert prompts == ["", "Be brief."]
    assert Message.objects.filter(workspace_id=stranger.workspace_id, reasoning="a thought").count() == 1


def test_how_answers_came_about_goes_from_share_to_copy_and_on(owner: Actor, stranger: Actor, share: Share) -> None:
    Generation.objects.update(state="stopped", reasoning_seconds=7)
    shown = share_conversation(owner, share.conversation_id, ShareOptions(reasoning=True), uuid7())
    copy = open_conversation(stranger, continue_share(stranger, shown.token, uuid7()))
    assert (copy.messages[1].status, copy.messages[1].reasoning_seconds) == ("stopped", 7.0)
    again = share_conversation(stranger, copy.id, ShareOptions(reasoning=True), uuid7())
    shared = read_shared(find_shared(again.token)).messages[1]
    assert (shared.cut_short, shared.reasoning_seconds) == (True, 7.0)


def test_a_model_that_the_reader_lacks_falls_back(stranger: Actor, share: Share) -> None:
    assert Conversation.objects.get(id=continue_share(stranger, share.token, uuid7())).model_key == SCRIPTED
    share.messages.update(model_key="anthropic:gone-for-good", model_name="Gone for good")
    copied = continue_share(stranger, share.token, uuid7())
    assert Conversation.objects.get(id=copied).model_key == ""
    page = sign_in(stranger).get(f"/c/{copied}/").content.decode()
    assert f'<option value="{SCRIPTED}"' in page
    assert "Gone for good" in page


def test_a_model_that_the_readers_plan_has_not_falls_back(stranger: Actor, share: Share) -> None:
    set_allowance(
        stranger.workspace_id, plan_code="small", tokens_per_period=1000, cost_per_period=None, version=2, model_keys=["openai:*"]
    )
    assert Conversation.objects.get(id=continue_share(stranger, share.token, uuid7())).model_key == ""


def test_the_same_key_is_the_same_copy_also_after_it_was_deleted(owner: Actor, stranger: Actor, share: Share) -> None:
    key = uuid7()
    copied = continue_share(stranger, share.token, key)
    assert continue_share(stranger, share.token, key) == copied
    delete_conversation(stranger, copied)
    assert continue_share(stranger, share.token, key) == copied
    assert open_conversation(stranger, copied).messages
    assert continue_share(owner, share.token, key) != copied  # somebody else's key is not mine


def test_a_long_one_is_copied_whole_and_in_order(owner: Actor, stranger: Actor) -> None:
    share = share_conversation(owner, chain(owner, 1203).id, ShareOptions(), uuid7())
    copied = Conversation.objects.get(id=continue_share(stranger, share.token, uuid7()))
    above = {row.id: row for row in Message.objects.filter(conversation=copied)}
    assert len(above) == 1203
    texts, row = [], above[copied.active_leaf_id] if copied.active_leaf_id else None
    while row is not None:
        texts.append(row.text)
        assert row.token_count
        row = above[row.parent_id] if row.parent_id else None
    assert texts == [f"message {n}" for n in reversed(range(1203))]


def test_a_link_that_no_longer_works_cannot_be_copied(owner: Actor, stranger: Actor, share: Share) -> None:
    revoke_share(owner, share.id)
    with pytest.raises(ShareNotFound):
        continue_share(stranger, share.token, uuid7())
    for method in ("get", "post"):
        assert getattr(sign_in(stranger), method)(copy_of(share)).status_code == 404


def test_copies_are_made_at_a_human_pace(stranger: Actor, share: Share, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "COPIES_AN_HOUR", 1)
    continue_share(stranger, share.token, uuid7())
    with pytest.raises(RateLimited):
        continue_share(stranger, share.token, uuid7())
    response = sign_in(stranger).post(copy_of(share))
    assert response.status_code == 429
    assert int(response["Retry-After"]) <= 3600


def test_the_form_twice_is_one_copy(stranger: Actor, share: Share) -> None:
    client = sign_in(stranger)
    key = client.get(copy_of(share)).context["client_key"]
    first, second = (client.post(copy_of(share), {"client_key": str(key)}) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert Conversation.objects.filter(owner_id=stranger.user_id).count() == 1
    assert client.post(copy_of(share), {"client_key": str(key)}, HTTP_HX_REQUEST="true")["HX-Redirect"] == first["Location"]


def test_somebody_signed_out_is_led_through_signing_up_and_back(share: Share) -> None:
    client = Client()
    to_sign_in = client.get(copy_of(share))
    assert to_sign_in["Location"] == f"/accounts/login/?next={copy_of(share)}"
    page = client.get(to_sign_in["Location"]).content.decode()
    assert f"/accounts/signup/?next={copy_of(share).replace('/', '%2F')}" in page
    form = {"email": "new@example.com", "password1": "a sparrow on the roof", "next": copy_of(share)}
    assert client.post("/accounts/signup/", form)["Location"] == copy_of(share)
    made = client.post(copy_of(share), {"client_key": str(uuid7())})
    assert UUID(made["Location"].split("/")[2]) == Conversation.objects.get(owner__email="new@example.com").id


def test_nobody_can_copy_by_a_forged_form(stranger: Actor, share: Share) -> None:
    client = Client(enforce_csrf_checks=True)
    client.cookies = sign_in(stranger).cookies
    assert client.post(copy_of(share), HTTP_ORIGIN="null").status_code == 403
    assert not Conversation.objects.filter(owner_id=stranger.user_id).exists()


def copy_of(share: Share) -> str:
    return reverse("shares:copy", args=[share.token])
