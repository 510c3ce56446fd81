"""A plan is used up when not even a word to a model has room: people are told once, also where no send ever passes the limit."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.core import mail
from django.test import Client

from accounts.models import User
from accounts.types import Actor
from conversations.models import Generation
from conversations.services.finish_generation import close_unstarted
from conversations.services.send_message import send_message
from conversations.states import GenerationState
from conversations.tests.conftest import SCRIPTED, make_actor
from conversations.types import Turn
from conversations.worst_case import SMALLEST_OUTPUT
from core.ids import uuid7
from providers.models import AIModel
from providers.services.set_price import set_price
from providers.types import Prices
from usage.exceptions import QuotaExceeded
from usage.models import LimitWarning
from usage.selectors.balance import get_balance
from usage.services import audit, mail_warnings, set_allowance, settle
from usage.tests.builders import all_at_once, call

pytestmark = pytest.mark.django_db
Send = Callable[..., Turn]


def _limit(actor: Actor, tokens: int | None, cost: Decimal | None = None, version: int = 1) -> None:
    set_allowance(actor.workspace_id, plan_code="t", plan_name="Tester", tokens_per_period=tokens, cost_per_period=cost, version=version)


def _answer(actor: Actor, turn: Turn, tokens: int) -> None:
    generation = Generation.objects.get(id=turn.generation_id)
    settle(generation.key, call(actor.workspace_id, key=generation.key, output=tokens))


def _send_until_refused(actor: Actor) -> None:
    for _ in range(100):
        try:
            turn = send_message(actor, text="Hello", client_key=uuid7(), model_key=SCRIPTED)
        except QuotaExceeded:
            return
        _answer(actor, turn, 500)
    raise AssertionError("Nothing was ever refused.")


def _levels() -> list[int]:
    return list(LimitWarning.objects.order_by("level").values_list("level", flat=True))


def _mails_of_the_end() -> int:
    return sum(str(message.subject).startswith("Your plan is used up") for message in mail.outbox)


def _meter(actor: Actor) -> str:
    client = Client()
    client.force_login(User.objects.get(id=actor.user_id))
    return client.get("/usage/meter/").content.decode()


def test_who_sends_until_nothing_fits_is_told_once_that_the_plan_is_used_up(owner: Actor) -> None:
    _limit(owner, 10_200)
    _send_until_refused(owner)
    assert 0 < 10_200 - get_balance(owner.workspace_id).tokens_used < SMALLEST_OUTPUT
    assert mail_warnings() == 3
    left = get_balance(owner.workspace_id).tokens_left
    assert left
    for _ in range(3):
        with pytest.raises(QuotaExceeded) as refused:
            send_message(owner, text="Hello", client_key=uuid7(), model_key=SCRIPTED)
        assert f"used up: {left} tokens left are too few for any message" in refused.value.message
        assert "shorter" not in refused.value.message
    assert mail_warnings() == 0
    assert _levels() == [80, 90, 100]
    assert _mails_of_the_end() == 1
    meter = _meter(owner)
    assert "Your plan is used up." in meter
    assert f"{left} left, too few to send" in meter
    browser = Client()
    browser.force_login(User.objects.get(id=owner.user_id))
    refusal = browser.post("/c/", {"text": "Hello", "model": SCRIPTED}).content.decode()
    assert "too few for any message" in refusal
    assert "data-choose-model" not in refusal, "none could help"
    assert 'value="100"' in meter
    assert get_balance(owner.workspace_id).percent_used == 100


@pytest.mark.django_db(transaction=True)
def test_ten_who_race_to_the_end_bring_one_notice_and_one_mail_of_it() -> None:
    actor = make_actor("crowd@example.com")
    _limit(actor, 10_200)

    def send_to_the_end(number: int) -> None:
        for _ in range(500):
            try:
                turn = send_message(actor, text="Hello", client_key=uuid7(), model_key=SCRIPTED)
            except QuotaExceeded:
                if get_balance(actor.workspace_id).percent_used == 100:
                    return
            else:
                _answer(actor, turn, 200)
        raise AssertionError("The end was never said.")

    assert all_at_once(10, send_to_the_end, threads=10) == [None] * 10
    all_at_once(10, lambda number: mail_warnings(), threads=10)
    assert _levels() == [80, 90, 100]
    assert _mails_of_the_end() == 1
    assert audit() == []


def test_a_large_draft_that_has_no_room_is_not_the_end(owner: Actor) -> None:
    _limit(owner, 10_000)
    settle(None, call(owner.workspace_id, output=5_000))
    with pytest.raises(QuotaExceeded, match="Send something shorter"):
        send_message(owner, text="word " * 6_000, client_key=uuid7(), model_key=SCRIPTED)
    assert _levels() == []
    assert get_balance(owner.workspace_id).percent_used == 50


def test_what_running_answers_hold_is_not_the_end_until_it_is_used(owner: Actor, send: Send) -> None:
    _limit(owner, 1_000)
    running = send()
    assert get_balance(owner.workspace_id).tokens_left == 0
    with pytest.raises(QuotaExceeded, match="Send it again when they have ended"):
        send()
    assert _levels() == []
    close_unstarted(running.generation_id, GenerationState.STOPPED)
    assert get_balance(owner.workspace_id).percent_used == 0
    running = send()
    _answer(owner, running, 790)
    assert _levels() == [80, 90, 100], "the refusal has told what the smallest call needs"


def test_a_higher_limit_takes_it_back_and_nothing_is_mailed(owner: Actor) -> None:
    _limit(owner, 10_200)
    _send_until_refused(owner)
    _limit(owner, 20_000, version=2)
    assert mail_warnings() == 0
    assert "used up" not in _meter(owner)


def _priced(**prices: int) -> None:
    for name, price in prices.items():
        row = AIModel.objects.create(provider="scripted", model_id=name, name=name, context_window=8000, max_output=1000, enabled=True)
        set_price(row.id, Prices(input=Decimal(price), output=Decimal(price)))


@pytest.mark.parametrize("included", [["scripted:dear"], ["scripted:dear", "scripted:cheap"]], ids=["dear alone", "a cheap one too"])
def test_money_is_used_up_when_the_cheapest_model_of_the_plan_has_no_room(
    owner: Actor, included: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SCRIPTED_MODEL", "on")
    _priced(dear=100, cheap=1)
    set_allowance(
        owner.workspace_id, plan_code="t", tokens_per_period=None, cost_per_period=Decimal("0.02"), model_keys=included, version=1
    )
    with pytest.raises(QuotaExceeded):
        send_message(owner, text="Hello", client_key=uuid7(), model_key="scripted:dear")
    assert (get_balance(owner.workspace_id).percent_used == 100) is (included == ["scripted:dear"])


def test_a_model_that_costs_nothing_answers_when_the_money_is_spent(owner: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCRIPTED_MODEL", "on")
    _priced(dear=100)
    _limit(owner, None, Decimal("0.02"))
    settle(None, call(owner.workspace_id, output=2_000))
    assert get_balance(owner.workspace_id).cost_used > Decimal("0.02")
    browser = Client()
    browser.force_login(User.objects.get(id=owner.user_id))
    refusal = browser.post("/c/", {"text": "Hello", "model": "scripted:dear"}).content.decode()
    assert "nothing left for this month for models that cost something. Choose one that costs nothing" in refusal
    assert f'value="{SCRIPTED}" data-instead="' in refusal
    assert "data-choose-model" in refusal
    send_message(owner, text="Hello", client_key=uuid7(), model_key=SCRIPTED)
