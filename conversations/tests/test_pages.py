"""The doors, as plain forms and as HTMX requests; what is not yours answers 404 everywhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.types import Actor
from conversations.models import Conversation, Generation, Message
from conversations.services.finish_generation import Outcome, close_unstarted, finish_generation
from conversations.states import GenerationState
from conversations.tests.conftest import SCRIPTED
from conversations.types import Turn
from core.ids import uuid7
from usage.services import set_allowance

pytestmark = pytest.mark.django_db
Send = Callable[..., Turn]
HTMX: dict[str, Any] = {"HTTP_HX_REQUEST": "true"}


def sign_in(actor: Actor) -> Client:
    client = Client()
    client.force_login(User.objects.get(id=actor.user_id))
    return client


def answer(turn: Turn, text: str = "An **answer**.") -> None:
    Generation.objects.filter(id=turn.generation_id).update(state="running")
    assert finish_generation(turn.generation_id, Outcome(state=GenerationState.COMPLETED, text=text))


def url(name: str, conversation_id: UUID, message_id: UUID | None = None) -> str:
    return reverse(f"conversations:{name}", args=[conversation_id, message_id] if message_id else [conversation_id])


def test_the_first_message_by_a_plain_form_leads_to_its_conversation(owner: Actor) -> None:
    response = sign_in(owner).post("/c/", {"text": "Hello", "client_key": str(uuid7()), "model": SCRIPTED})
    conversation = Conversation.objects.get()
    assert response.status_code == 302
    assert response["Location"].startswith(f"/c/{conversation.id}/#m-")


def test_the_first_message_by_htmx_opens_the_conversation_in_place(owner: Actor) -> None:
    response = sign_in(owner).post("/c/", {"text": "Hello", "client_key": str(uuid7()), "model": SCRIPTED}, **HTMX)
    conversation = Conversation.objects.get()
    assert response["HX-Push-Url"] == f"/c/{conversation.id}/"
    assert response["HX-Retarget"] == "#main"
    assert response["X-Revision"] == "1"
    assert f"conversation:{conversation.id}" in response.content.decode()


def test_a_later_message_by_htmx_gives_both_turns(owner: Actor, send: Send) -> None:
    turn = send()
    answer(turn)
    response = sign_in(owner).post(url("detail", turn.conversation_id), {"text": "More", "client_key": str(uuid7())}, **HTMX)
    assert response.content.decode().count("<article") == 2
    assert response["X-Revision"] == str(turn.revision + 2)


def test_the_same_form_twice_is_one_message(owner: Actor) -> None:
    client, form = sign_in(owner), {"text": "Hello", "client_key": str(uuid7()), "model": SCRIPTED}
    first, second = client.post("/c/", form), client.post("/c/", form)
    assert first["Location"] == second["Location"]
    assert Message.objects.filter(role="user").count() == 1


@pytest.mark.parametrize("htmx", [True, False])
def test_over_the_limit_the_text_stays_and_the_reason_is_said(owner: Actor, htmx: bool) -> None:
    set_allowance(owner.workspace_id, plan_code="free", tokens_per_period=10, cost_per_period=None, version=2)
    response = sign_in(owner).post("/c/", {"text": "my precious words", "model": SCRIPTED}, **(HTMX if htmx else {}))
    assert response.status_code == 402
    if htmx:
        assert response["HX-Retarget"] == "#composer-notice"
    else:
        assert "my precious words" in response.content.decode()
    assert not Conversation.objects.exists()


@pytest.mark.parametrize(
    "form",
    [
        {"text": ""},
        {"text": "x", "client_key": "nonsense"},
        {"text": "x", "model": "no:such"},
        {"text": "x", "parent": "1 OR 1=1"},
        {"text": "\x00", "model": "\x00"},
    ],
)
def test_rubbish_is_refused_with_a_sentence(owner: Actor, form: dict[str, str]) -> None:
    response = sign_in(owner).post("/c/", form, **HTMX)
    assert response.status_code in (400, 404)
    assert not Message.objects.exists()


def test_stop_retry_switch_rename_delete_and_undo_work_as_plain_forms(owner: Actor, send: Send) -> None:
    client, turn = sign_in(owner), send()
    client.post(url("stop", turn.conversation_id, turn.assistant_message_id))
    assert Generation.objects.get().state == "stopped"
    client.post(url("regenerate", turn.conversation_id, turn.assistant_message_id))
    second = Message.objects.exclude(id=turn.assistant_message_id).get(role="assistant")
    close_unstarted(second.generation.id, GenerationState.STOPPED)
    client.post(url("show", turn.conversation_id, turn.assistant_message_id))
    conversation = Conversation.objects.get()
    assert conversation.active_leaf_id == turn.assistant_message_id
    client.post(url("rename", turn.conversation_id), {"title": "  A   better\nname "})
    client.post(url("delete", turn.conversation_id))
    assert client.get(url("detail", turn.conversation_id)).status_code == 404
    client.post(url("restore", turn.conversation_id))
    assert client.get(url("detail", turn.conversation_id)).status_code == 200
    conversation.refresh_from_db()
    assert conversation.title == "A better name"


def test_older_messages_come_by_pages_in_reading_order(owner: Actor, send: Send) -> None:
    turn = send("question 0")
    answer(turn, "answer 0")
    for number in range(1, 40):
        turn = send(f"question {number}", turn.conversation_id)
        answer(turn, f"answer {number}")
    client = sign_in(owner)
    page = client.get(url("detail", turn.conversation_id)).content.decode()
    assert page.count("<article") == 30
    assert "question 39" in page
    assert "question 24" not in page
    oldest = Message.objects.get(text="question 25").id
    more = client.get(url("older", turn.conversation_id), {"before": str(oldest)}, **HTMX).content.decode()
    assert more.count("<article") == 30
    assert more.index("question 10") < more.index("answer 24")
    assert client.get(url("older", turn.conversation_id), {"before": "x"}).status_code == 400


def test_the_source_is_the_markdown_itself(owner: Actor, send: Send) -> None:
    turn = send()
    answer(turn, "# Title\n\n<script>alert(1)</script>")
    response = sign_in(owner).get(url("source", turn.conversation_id, turn.assistant_message_id))
    assert response.content.decode() == "# Title\n\n<script>alert(1)</script>"
    assert response["Content-Type"].startswith("text/plain")
    assert response["X-Content-Type-Options"] == "nosniff"


EVERY_DOOR = [
    ("get", "detail", False), ("post", "detail", False), ("get", "log", False), ("get", "older", False), ("get", "options", False),
    ("post", "title", False),
    ("post", "rename", False), ("post", "pin", False), ("post", "unpin", False), ("post", "move", False), ("post", "archive", False),
    ("post", "unarchive", False), ("post", "delete", False), ("post", "restore", False), ("post", "read", False),
    ("post", "continue", True), ("get", "edit", True), ("post", "edit", True), ("post", "fork", True), ("post", "delete_branch", True),
    ("post", "restore_branch", True), ("post", "rate", True), ("get", "feedback", True), ("post", "feedback", True), ("get", "more", True),
    ("get", "answer_models", True), ("get", "message", True), ("get", "source", True), ("get", "around", True), ("get", "between", True),
    ("post", "stop", True), ("post", "regenerate", True), ("post", "show", True),
    ("get", "export_json", False), ("get", "system", False), ("post", "system", False), ("post", "keep", False),
    ("get", "share", False), ("post", "share", False),
    ("post", "estimate", False), ("get", "export", False), ("get", "export_markdown", False), ("get", "print", False),
]  # fmt: skip


@pytest.mark.parametrize(("method", "name", "of_message"), EVERY_DOOR)
def test_a_stranger_gets_404_and_changes_nothing(stranger: Actor, send: Send, method: str, name: str, of_message: bool) -> None:
    turn = send()
    answer(turn)
    address = url(name, turn.conversation_id, turn.assistant_message_id if of_message else None)
    before = (list(Conversation.objects.values()), list(Message.objects.values()), list(Generation.objects.values()))
    data = {"before": str(turn.assistant_message_id), "text": "x", "title": "x", "client_key": str(uuid7()), "model": SCRIPTED}
    for extra in ({}, HTMX):
        assert getattr(sign_in(stranger), method)(address, data, **extra).status_code == 404
        assert getattr(Client(), method)(address, data, **extra).status_code == (401 if extra else 302)
    assert before == (list(Conversation.objects.values()), list(Message.objects.values()), list(Generation.objects.values()))


def test_a_page_whose_session_ended_is_led_to_the_sign_in_page_and_back(send: Send) -> None:
    address = url("detail", send().conversation_id)
    response = Client().post(address, {"text": "x"}, **HTMX, HTTP_HX_CURRENT_URL=f"http://testserver{address}")
    assert response["HX-Redirect"] == f"/accounts/login/?{urlencode({'next': address})}"


def test_every_address_of_a_conversation_is_tried_by_a_stranger() -> None:
    from conversations.urls import urlpatterns

    without_an_id = {
        "new",
        "list",
        "archived",
        "deleted",
        "many",
        "undo",
        "folders",
        "folder",
        "rename_folder",
        "delete_folder",
        "export_all",
        "tokens",
        "estimate_new",
        "models",
        "shortcuts",
    }
    assert {pattern.name for pattern in urlpatterns} - without_an_id == {name for _, name, _ in EVERY_DOOR}
