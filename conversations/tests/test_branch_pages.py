"""The doors to branches and feedback, as plain forms and as HTMX requests."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.types import Actor
from conversations.models import Conversation, Feedback, Message
from conversations.services.finish_generation import close_unstarted
from conversations.states import GenerationState
from conversations.tests.conftest import SCRIPTED
from conversations.tests.test_pages import HTMX, answer, sign_in, url
from conversations.types import Turn
from core.ids import uuid7
from usage.services import set_allowance

pytestmark = pytest.mark.django_db
Send = Callable[..., Turn]


@pytest.fixture
def turn(send: Send) -> Turn:
    turn = send("first words")
    answer(turn)
    return turn


@pytest.fixture
def client(owner: Actor) -> Client:
    return sign_in(owner)


def address(name: str, turn: Turn, *, question: bool = False) -> str:
    return url(name, turn.conversation_id, turn.user_message_id if question else turn.assistant_message_id)


def test_the_editor_has_the_words_and_sends_them_once(client: Client, turn: Turn) -> None:
    for extra in ({}, HTMX):
        page = client.get(address("edit", turn, question=True), **extra).content.decode()
        assert "first words</textarea>" in page
        assert ("<html" in page) is not bool(extra)
    form = {"text": "other words", "client_key": str(uuid7()), "model": SCRIPTED}
    response = client.post(address("edit", turn, question=True), form)
    assert client.post(address("edit", turn, question=True), form)["Location"] == response["Location"]
    assert Message.objects.filter(text="other words").count() == 1
    assert "X-Notice" not in response


def test_an_edit_by_htmx_gives_the_branch_that_is_shown_now(client: Client, turn: Turn) -> None:
    form = {"text": "other words", "model": SCRIPTED, "seen": str(turn.assistant_message_id)}
    response = client.post(address("edit", turn, question=True), form, **HTMX)
    page = response.content.decode()
    assert ("other words" in page, "first words" in page, page.count("<article")) == (True, False, 2)
    assert response["X-Revision"] == str(Conversation.objects.get().revision)
    assert "X-Notice" not in response


@pytest.mark.parametrize("htmx", [True, False])
def test_a_refused_edit_leaves_the_text_in_the_editor(owner: Actor, client: Client, turn: Turn, htmx: bool) -> None:
    set_allowance(owner.workspace_id, plan_code="free", tokens_per_period=10, cost_per_period=None, version=2)
    response = client.post(address("edit", turn, question=True), {"text": "precious"}, **(HTMX if htmx else {}))
    assert response.status_code == 402
    if htmx:
        assert response["HX-Retarget"] == f"#edit-notice-{turn.user_message_id}"
    else:
        assert "precious</textarea>" in response.content.decode()
    assert Message.objects.count() == 2


def test_an_answer_has_no_editor(client: Client, turn: Turn) -> None:
    assert client.get(address("edit", turn)).status_code == 404


def test_a_page_that_is_behind_is_told(client: Client, turn: Turn, send: Send) -> None:
    later = send("later", turn.conversation_id)
    answer(later)
    seen = {"seen": str(turn.assistant_message_id), "parent": str(turn.assistant_message_id), "text": "x", "model": SCRIPTED}
    response = client.post(address("regenerate", turn), seen, **HTMX)
    assert "kept, as another version" in response["X-Notice"]
    close_unstarted(Message.objects.latest("id").generation.id, GenerationState.STOPPED)
    assert "X-Notice" in client.post(url("detail", turn.conversation_id), seen, **HTMX)
    close_unstarted(Message.objects.latest("id").generation.id, GenerationState.STOPPED)
    page = client.post(address("edit", turn, question=True), seen, follow=True).content.decode()
    assert "This page was behind" in page


def test_continue_is_offered_where_something_broke_off_and_goes_on(client: Client, turn: Turn, send: Send) -> None:
    assert address("continue", turn) not in client.get(url("detail", turn.conversation_id)).content.decode()
    assert client.post(address("continue", turn), **HTMX).status_code == 409
    Message.objects.get(id=turn.assistant_message_id).generation.__class__.objects.update(state="stopped")
    assert address("continue", turn) in client.get(url("detail", turn.conversation_id)).content.decode()
    page = client.post(address("continue", turn), **HTMX).content.decode()
    assert 'data-status="queued"' in page
    assert "<strong>answer</strong>" in page


def test_fork_leads_to_the_new_conversation(client: Client, turn: Turn) -> None:
    by_htmx = client.post(address("fork", turn), **HTMX)["HX-Redirect"]
    by_form = client.post(address("fork", turn))["Location"]
    assert len({by_htmx, by_form, url("detail", turn.conversation_id)}) == 3
    assert client.get(by_form).content.decode().count("<article") == 2


@pytest.mark.parametrize("htmx", [True, False])
def test_delete_offers_to_undo_and_undo_brings_it_back(client: Client, turn: Turn, htmx: bool) -> None:
    extra = HTMX if htmx else {"follow": True}
    page = client.post(address("delete_branch", turn), **extra).content.decode()
    assert address("restore_branch", turn) in page
    assert "Get an answer" in client.get(url("detail", turn.conversation_id)).content.decode()
    client.post(address("restore_branch", turn), **extra)
    assert client.get(url("detail", turn.conversation_id)).content.decode().count("<article") == 2


def test_everything_deleted_leaves_a_page_that_can_be_written_in(client: Client, turn: Turn) -> None:
    client.post(address("delete_branch", turn, question=True))
    page = client.get(url("detail", turn.conversation_id)).content.decode()
    assert "<article" not in page
    assert 'id="composer"' in page
    client.post(url("detail", turn.conversation_id), {"text": "anew", "model": SCRIPTED, "parent": ""})
    assert "anew" in client.get(url("detail", turn.conversation_id)).content.decode()


def test_a_thumb_is_pressed_changed_and_taken_back(client: Client, turn: Turn) -> None:
    def pressed(rating: str) -> list[str]:
        page = client.post(address("rate", turn), {"rating": rating}, **HTMX).content.decode()
        return [name for name in ("Good", "Bad") if f'aria-label="{name} response" aria-pressed="true"' in page]

    assert [pressed("good"), pressed("bad"), pressed("")] == [["Good"], ["Bad"], []]
    assert not Feedback.objects.exists()
    assert client.post(address("rate", turn), {"rating": "x"}, **HTMX).status_code == 400


def test_a_bad_one_by_a_plain_form_asks_why(client: Client, turn: Turn) -> None:
    assert client.get(address("feedback", turn)).status_code == 404
    page = client.post(address("rate", turn), {"rating": "bad"}, follow=True).content.decode()
    assert "Something in it is wrong" in page
    client.post(address("feedback", turn), {"reason": "wrong", "comment": "No."})
    assert (Feedback.objects.get().reason, Feedback.objects.get().comment) == ("wrong", "No.")
    assert 'value="wrong" checked' in client.get(address("feedback", turn), **HTMX).content.decode()
    assert address("feedback", turn) in client.get(address("more", turn), **HTMX).content.decode()


def test_what_else_can_be_done_is_a_fragment_and_a_page(client: Client, turn: Turn) -> None:
    for extra in ({}, HTMX):
        page = client.get(address("more", turn), **extra).content.decode()
        assert "Fork into a new chat" in page
        assert ("<html" in page) is not bool(extra)


def test_another_model_is_chosen_from_a_page(client: Client, turn: Turn) -> None:
    assert f'value="{SCRIPTED}"' in client.get(address("answer_models", turn)).content.decode()
    client.post(address("regenerate", turn), {"model": SCRIPTED})
    assert Message.objects.filter(parent_id=turn.user_message_id).count() == 2
