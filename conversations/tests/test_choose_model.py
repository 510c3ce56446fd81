"""Which models there are to choose from, what the plan has not, and which one stands in the composer."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client

from accounts.models import User
from accounts.types import Actor
from conversations.models import Conversation, Generation, Message
from conversations.runner.host import get_host
from conversations.runner.run import run_generation
from conversations.selectors.messages import open_conversation
from conversations.selectors.models import model_choices, selected_model
from conversations.services.regenerate import regenerate
from conversations.services.send_message import send_message
from conversations.tests.conftest import SCRIPTED
from conversations.tests.test_pages import answer
from core.ids import uuid7
from providers.models import AIModel
from providers.selectors.catalogue import forget_catalogue
from providers.services.load_catalogue import load_catalogue
from providers.services.set_price import set_price
from providers.types import Prices
from usage.exceptions import ModelNotIncluded
from usage.models import LedgerEntry, Plan
from usage.selectors.balance import get_balance

pytestmark = pytest.mark.django_db
ONE, TWO = "openai_compatible:one", "openai_compatible:two"


@pytest.fixture(autouse=True)
def _two_models_and_the_script(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_COMPATIBLE_BASE_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("OPENAI_COMPATIBLE_MODELS", "one,two")
    monkeypatch.setenv("SCRIPTED_MODEL", "on")
    load_catalogue()
    forget_catalogue()


@pytest.fixture
def browser(owner: Actor) -> Client:
    client = Client()
    client.force_login(User.objects.get(id=owner.user_id))
    return client


def limit_free_to(*model_keys: str) -> None:
    Plan.objects.filter(code="free").update(model_keys=list(model_keys))


def test_what_the_plan_has_not_is_shown_with_the_plans_that_have_it(owner: Actor, browser: Client) -> None:
    limit_free_to(ONE, "scripted:*")
    assert [(c.model.key, c.included, c.plans) for c in model_choices(owner)] == [
        (ONE, True, ()),
        (TWO, False, ("Pro", "Enterprise")),
        (SCRIPTED, True, ()),
    ]
    page = browser.get("/c/models/", {"selected": ONE}).content.decode()
    assert "Not part of your plan (Free). Comes with Pro or Enterprise." in page
    assert page.count('aria-disabled="true"') == 1
    assert page.count('aria-selected="true"') == 1
    assert "not in your plan</option>" in browser.get("/c/").content.decode()


def test_a_model_that_the_plan_has_not_is_refused_and_nothing_is_written(owner: Actor, browser: Client) -> None:
    limit_free_to(ONE)
    response = browser.post("/c/", {"text": "my words", "model": TWO})
    assert response.status_code == 402
    assert "two is not part of your plan (Free). It comes with Pro or Enterprise" in response.content.decode()
    assert "my words" in response.content.decode()
    assert "Send with one" in response.content.decode()
    assert not Conversation.objects.exists()
    assert get_balance(owner.workspace_id).tokens_held == 0


def test_neither_is_it_by_regenerating(owner: Actor) -> None:
    turn = send_message(owner, text="Hello", client_key=uuid7(), model_key=SCRIPTED)
    answer(turn)
    limit_free_to(ONE)
    for model_key in ("", TWO):
        with pytest.raises(ModelNotIncluded):
            regenerate(owner, turn.conversation_id, turn.assistant_message_id, model_key)
    assert Message.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_another_model_really_writes_the_other_answer_and_its_price_is_paid(owner: Actor) -> None:
    second = AIModel.objects.create(
        provider="scripted", model_id="second", name="Second", context_window=32_000, max_output=1000, enabled=True
    )
    set_price(second.id, Prices(input=Decimal("3"), output=Decimal("15.5")))
    forget_catalogue()
    turn = send_message(owner, text="Hello", client_key=uuid7(), model_key=SCRIPTED)
    get_host().run(run_generation(turn.generation_id))
    again = regenerate(owner, turn.conversation_id, turn.assistant_message_id, second.key)
    get_host().run(run_generation(again.generation_id))
    answers = open_conversation(owner, turn.conversation_id).messages
    assert [(one.model_name, one.status) for one in answers[1:]] == [("Second", "completed")]
    written = Generation.objects.order_by("id")
    assert [(one.model_key, one.state) for one in written] == [(SCRIPTED, "completed"), (second.key, "completed")]
    first, other = LedgerEntry.objects.order_by("created_at")
    assert [(one.source, one.provider, one.model) for one in (first, other)] == [
        (f"generation:{turn.generation_id}", "scripted", "scripted"),
        (f"generation:{again.generation_id}", "scripted", "second"),
    ]
    assert first.cost == 0
    assert other.cost == (other.fresh_input * Decimal("3") + other.output * Decimal("15.5")) / 1_000_000 > 0
    assert written[1].cost == other.cost
    assert Conversation.objects.get().model_key == second.key, "it is asked from here on"


def test_the_composer_offers_what_was_wanted_first_among_what_is_possible(owner: Actor) -> None:
    assert _selected(owner, "gone:model", TWO, ONE) == TWO
    assert _selected(owner) == ONE
    limit_free_to("scripted:*")
    assert _selected(owner, TWO) == SCRIPTED
    limit_free_to("nothing:*")
    assert _selected(owner, TWO) == ONE  # shown, and refused with a reason


def test_a_form_without_a_model_uses_one_that_the_plan_has(browser: Client) -> None:
    limit_free_to("scripted:*")
    assert browser.post("/c/", {"text": "Hello"}).status_code == 302
    assert Conversation.objects.get().model_key == SCRIPTED


def test_an_old_conversation_says_that_its_model_is_gone(owner: Actor, browser: Client) -> None:
    turn = send_message(owner, text="Hello", client_key=uuid7(), model_key=TWO)
    address = f"/c/{turn.conversation_id}/"
    assert "any more" not in browser.get(address).content.decode()
    limit_free_to(ONE)
    assert "two is not available to you any more. one answers from here on" in browser.get(address).content.decode()


def _selected(actor: Actor, *wanted: str) -> str:
    model = selected_model(model_choices(actor), *wanted)
    assert model is not None
    return model.key
