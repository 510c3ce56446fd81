"""The whole road of a message inside this process: real services, the real runner on its own loop, the real database.

Rows are committed and stay until the module is over, because the runner has connections of its own; every test therefore
takes `someone()` new.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db import connections
from pytest_django import DjangoDbBlocker

from accounts.models import User
from accounts.types import Actor
from conversations.models import Generation
from conversations.runner.host import get_host
from conversations.runner.run import run_generation
from conversations.services.send_message import send_message
from conversations.types import Turn
from core.ids import uuid7
from providers.models import AIModel
from providers.selectors.catalogue import forget_catalogue
from providers.services.engines import aclose_engines
from providers.services.load_catalogue import load_catalogue
from providers.services.set_price import set_price
from providers.types import Prices, Provider
from usage.models import LedgerEntry
from usage.selectors.balance import get_balance
from usage.services import apply_plan, audit, ensure_plans
from usage.types import Balance

SCRIPTED = "scripted:scripted"
CALLED = (Provider.ANTHROPIC, Provider.OPENAI, Provider.OPENAI_COMPATIBLE, Provider.GEMINI)
# USD per million tokens. All different, so that a token in a wrong bucket shows.
PRICES = Prices(
    input=Decimal("3"),
    output=Decimal("15.5"),
    cache_read=Decimal("0.31"),
    cache_write_5m=Decimal("3.75"),
    cache_write_1h=Decimal("6.125"),
    long_context_above=200_000,
    long_context=Prices(
        input=Decimal("7"),
        output=Decimal("23"),
        cache_read=Decimal("0.7"),
        cache_write_5m=Decimal("8.5"),
        cache_write_1h=Decimal("12.75"),
    ),
)
_FOREIGN = ("ANTHROPIC_", "OPENAI_", "GEMINI_", "GOOGLE_", "LOCAL_MODEL", "SCRIPTED_", "DEFAULT_MODEL")


@pytest.fixture(scope="module")
def road(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A product of a first start, in which every provider has a model `priced` at `PRICES`."""
    patch = pytest.MonkeyPatch()
    for name in list(os.environ):
        if name.startswith(_FOREIGN):
            patch.delenv(name)
    for name, value in {"PROVIDERS_NETWORK": "forbid", "SCRIPTED_MODEL": "on", "SCRIPTED_DELAY_MS": "0", "LOCAL_MODEL": "off"}.items():
        patch.setenv(name, value)
    with django_db_blocker.unblock():
        load_catalogue()
        ensure_plans()
        for provider in CALLED:
            model = AIModel.objects.create(
                provider=provider, model_id="priced", name=f"Priced of {provider}", context_window=2_000_000, max_output=4096, enabled=True
            )
            set_price(model.id, PRICES)
        yield
        get_host().run(aclose_engines())
        call_command("flush", interactive=False, verbosity=0)
        connections.close_all()
    patch.undo()
    forget_catalogue()


@pytest.fixture(autouse=True)
def _django_db_marker() -> None:
    """In the place of pytest-django's: the marker `django_db` makes the test database here, and wraps no test in a transaction."""


def point_at(patch: pytest.MonkeyPatch, urls: dict[Provider, str]) -> None:
    """Give every provider a key and an address on this machine."""
    for provider in (Provider.ANTHROPIC, Provider.OPENAI, Provider.GEMINI):
        patch.setenv(f"{provider.upper()}_API_KEY", "not-a-key")
        patch.setenv(f"{provider.upper()}_BASE_URL", urls[provider])
    patch.setenv("OPENAI_COMPATIBLE_BASE_URL", urls[Provider.OPENAI_COMPATIBLE])
    patch.setenv("OPENAI_COMPATIBLE_MODELS", "priced")


@dataclass(frozen=True)
class Answered:
    """How it ended: the generation with its message, the ledger's rows for it, and what its person has left."""

    turn: Turn
    generation: Generation
    entries: list[LedgerEntry]
    balance: Balance


def someone() -> Actor:
    """A person without a limit."""
    user = User.objects.create_user(f"{uuid7()}@example.com")
    actor = Actor(user.id, user.personal_workspace.id)
    apply_plan(actor.workspace_id, "enterprise")
    return actor


def send(actor: Actor, text: str, model: str = SCRIPTED) -> Turn:
    return send_message(actor, text=text, client_key=uuid7(), model_key=model)


def answer(text: str, model: str = SCRIPTED, actor: Actor | None = None) -> Answered:
    """Ask, and write the answer with the real runner. Nothing is held afterwards, and every counter follows from the ledger."""
    actor = actor or someone()
    turn = send(actor, text, model)
    write(turn)
    return outcome(turn, actor)


def write(turn: Turn) -> None:
    """Let the real runner write the answer."""
    get_host().run(run_generation(turn.generation_id))


def outcome(turn: Turn, actor: Actor) -> Answered:
    generation = Generation.objects.select_related("message").get(id=turn.generation_id)
    balance = get_balance(actor.workspace_id)
    assert balance.tokens_held == 0
    assert balance.cost_held == 0
    assert audit() == []
    return Answered(turn, generation, list(LedgerEntry.objects.filter(source=generation.key)), balance)
