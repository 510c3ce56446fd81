"""Before sending one sees what a draft would need; and what has no room is offered with a model that it fits."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client

from accounts.models import User
from accounts.types import Actor
from conversations.models import Generation
from conversations.selectors.estimate import Draft, another_that_fits, estimate
from conversations.services.send_message import send_message
from conversations.tests.test_pages import answer, url
from core.ids import uuid7
from providers.models import AIModel
from providers.selectors.catalogue import forget_catalogue
from providers.services.set_price import set_price
from providers.types import Prices
from usage.models import Hold
from usage.services import set_allowance

pytestmark = pytest.mark.django_db


def _model(model_id: str, price: str) -> str:
    row = AIModel.objects.create(
        provider="scripted", model_id=model_id, name=model_id.capitalize(), context_window=32_000, max_output=1000, enabled=True
    )
    set_price(row.id, Prices(input=Decimal(price), output=Decimal(price)))
    forget_catalogue()
    return row.key


@pytest.fixture
def dear() -> str:
    return _model("dear", "100")


@pytest.fixture
def cheap() -> str:
    return _model("cheap", "1")


@pytest.fixture
def client(owner: Actor) -> Client:
    client = Client()
    client.force_login(User.objects.get(id=owner.user_id))
    return client


def _limit(owner: Actor, tokens: int | None, cost: str | None) -> None:
    limit = Decimal(cost) if cost is not None else None
    set_allowance(owner.workspace_id, plan_code="t", tokens_per_period=tokens, cost_per_period=limit, version=1)


def test_what_is_said_is_what_is_held(owner: Actor, dear: str) -> None:
    said = estimate(owner, Draft("How much is the fish?"), dear)
    turn = send_message(owner, text="How much is the fish?", client_key=uuid7(), model_key=dear)
    hold = Hold.objects.get(workspace_id=owner.workspace_id)
    assert (said.held_tokens, said.held_cost, said.fits) == (hold.tokens, hold.cost, True)
    assert 0 < said.cost < said.held_cost
    more = estimate(owner, Draft("And the chips?", turn.conversation_id, turn.assistant_message_id), dear)
    assert more.input_tokens > said.input_tokens, "the context is sent along"


def test_a_draft_that_has_no_room_is_offered_with_a_model_that_it_fits(owner: Actor, client: Client, dear: str, cheap: str) -> None:
    _limit(owner, None, "0.01")
    sent = {"text": "not lost", "client_key": str(uuid7()), "model": dear}
    refusal = client.post("/c/", sent, headers={"HX-Request": "true"})
    assert refusal.status_code == 402
    for needed in ('name="instead"', f'value="{cheap}"', 'form="composer"', "Send with Cheap", "/usage/#plans"):
        assert needed in refusal.content.decode()
    page = client.post("/c/", sent)
    assert page.status_code == 402
    assert "not lost</textarea>" in page.content.decode()
    assert "Send with Cheap" in page.content.decode()
    assert not Hold.objects.exists()
    assert client.post("/c/", sent | {"instead": cheap}).status_code == 302
    assert Hold.objects.count() == 1


def test_what_waited_is_offered_to_be_sent_and_not_the_draft(owner: Actor, client: Client, dear: str, cheap: str) -> None:
    turn = send_message(owner, text="first", client_key=uuid7(), model_key=cheap)
    answer(turn)
    _limit(owner, None, "0.01")
    sent = {"text": "it waited", "client_key": str(uuid7()), "model": dear}
    refusal = client.post(url("detail", turn.conversation_id), sent, headers={"HX-Request": "true", "HX-Trigger": "queued"})
    assert refusal.status_code == 402
    assert 'form="queued" name="instead"' in refusal.content.decode()


def test_other_words_without_room_are_offered_with_a_model_that_they_fit(owner: Actor, client: Client, dear: str, cheap: str) -> None:
    turn = send_message(owner, text="first", client_key=uuid7(), model_key=dear)
    answer(turn)
    _limit(owner, None, "0.01")
    address = url("edit", turn.conversation_id, turn.user_message_id)
    key = str(uuid7())
    in_place = client.post(address, {"text": "other words", "client_key": key}, headers={"HX-Request": "true"})
    page = client.post(address, {"text": "other words", "client_key": key})
    for refusal in (in_place, page):
        assert refusal.status_code == 402
        assert 'type="submit" name="instead"' in refusal.content.decode(), "the editor around it sends it"
        assert "Send with Cheap" in refusal.content.decode()
    assert client.post(address, {"text": "other words", "client_key": key, "model": dear, "instead": cheap}).status_code == 302
    assert Generation.objects.latest("created_at").model_key == cheap


def test_another_answer_without_room_is_offered_by_a_cheaper_model(owner: Actor, client: Client, dear: str, cheap: str) -> None:
    turn = send_message(owner, text="first", client_key=uuid7(), model_key=dear)
    answer(turn)
    _limit(owner, None, "0.01")
    again = url("regenerate", turn.conversation_id, turn.assistant_message_id)
    for model_key in ("", dear):
        refusal = client.post(again, {"model": model_key}, headers={"HX-Request": "true"})
        assert refusal.status_code == 402
        assert f'form="act" formaction="{again}" name="model" value="{cheap}">Answer with Cheap' in refusal.content.decode()
    page = client.post(again, {"model": dear})
    assert page.status_code == 402
    assert "Answer with Cheap" in page.content.decode(), "by a plain form too"
    assert "first" in page.content.decode(), "with the conversation around it"
    assert client.post(again, {"model": cheap}).status_code == 302
    assert Generation.objects.latest("created_at").model_key == cheap


def test_what_the_plan_does_not_have_is_offered_by_a_model_that_it_has_also_a_dearer_one(owner: Actor, dear: str, cheap: str) -> None:
    for wanted, had in ((dear, cheap), (cheap, dear)):
        version = int(had == dear) + 1
        set_allowance(owner.workspace_id, plan_code="t", tokens_per_period=None, cost_per_period=None, model_keys=[had], version=version)
        offered = another_that_fits(owner, Draft("hello"), wanted)
        assert offered is not None
        assert offered.model.key == had


def test_a_form_without_a_model_is_refused_in_words_too(owner: Actor, client: Client, dear: str, cheap: str) -> None:
    User.objects.update(last_model_key=dear)
    _limit(owner, None, "0.01")
    refusal = client.post("/c/", {"text": "not lost"})
    assert refusal.status_code == 402
    assert "Send with Cheap" in refusal.content.decode()


def test_with_nothing_left_no_model_is_offered(owner: Actor, dear: str, cheap: str) -> None:
    _limit(owner, 0, None)
    assert another_that_fits(owner, Draft("hello"), dear) is None
    assert not estimate(owner, Draft("hello"), dear).fits


def test_the_line_under_the_composer(owner: Actor, client: Client, dear: str) -> None:
    said = client.post("/c/estimate/", {"text": "hello", "model": dear})
    assert "with the context" in said.content.decode()
    assert "held" in said.content.decode()
    assert client.post("/c/estimate/", {"text": "hello", "model": "nobody:knows"}).content == b""
    assert client.get("/c/estimate/").status_code == 405
