"""What is there already: conversations, models with prices."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.person import Chat, Person
from tests.stack import Stack, wait_until


def seed(stack: Stack, person: Person, *, conversations: int, messages: int = 0) -> None:
    """`conversation 1` (the newest) to n, nine hours apart; the newest has that many messages, numbered from 1."""
    stack.manage("shell", "-c", _SEED.format(email=person.email, conversations=conversations, messages=messages))


def dear_and_cheap(stack: Stack, person: Person, *, dollars: str = "", models: str = "", last: str = "splendid") -> None:
    """Two models with prices, Splendid and Modest, which the page of a new conversation offers.

    The person is on a plan of so many dollars (or without an end) with these `models` alone (or all), and used `last` last.
    """
    stack.manage("shell", "-c", _DEAR_AND_CHEAP.format(email=person.email, dollars=dollars, models=models, last=last))
    # A process keeps the catalogue for some seconds.
    wait_until(lambda: "Modest" in person.context.request.get("/c/models/").text(), "the new models", 30)
    person.chat.page.goto("/c/")
    person.chat.wait_connected()


def choose_model(chat: Chat, name: str) -> None:
    """In the composer, from the list."""
    chat.page.get_by_role("combobox", name="Model", exact=True).click()
    chat.page.get_by_role("option", name=re.compile(name)).click()
    expect(chat.page.locator("#model-name")).to_have_text(name)


_SEED = """
from datetime import timedelta
from django.utils import timezone
from accounts.models import User
from conversations.models import Conversation, Message
user = User.objects.get(email="{email}")
workspace_id = user.memberships.first().workspace_id
now = timezone.now()
made = [
    Conversation(owner=user, workspace_id=workspace_id, title=f"conversation {{n}}", last_activity_at=now - timedelta(hours=9 * (n - 1)))
    for n in range(1, {conversations} + 1)
]
Conversation.objects.bulk_create(made)
parent = None
for n in range(1, {messages} + 1):
    role = "user" if n % 2 else "assistant"
    text = f"message {{n}}"
    parent = Message.objects.create(conversation=made[0], workspace_id=workspace_id, parent=parent, role=role, text=text)
Conversation.objects.filter(id=made[0].id).update(active_leaf=parent)
"""
_DEAR_AND_CHEAP = """
from decimal import Decimal
from accounts.models import User
from providers.models import AIModel
from providers.services.set_price import set_price
from providers.types import Prices
from usage.services import set_allowance
user = User.objects.get(email="{email}")
dollars = Decimal("{dollars}") if "{dollars}" else None
limits = dict(tokens_per_period=None, cost_per_period=dollars, model_keys="{models}".split())
set_allowance(user.personal_workspace.id, plan_code="t", plan_name="Tester", version=1, **limits)
for sort, (name, price) in enumerate((("Splendid", 1000), ("Modest", 1))):
    facts = dict(name=name, context_window=32000, max_output=1000, enabled=True, sort=920 + sort, abilities=["vision", "tools"])
    row, made = AIModel.objects.get_or_create(provider="scripted", model_id=name.lower(), defaults=facts)
    if made:
        set_price(row.id, Prices(input=Decimal(price), output=Decimal(price)))
User.objects.filter(id=user.id).update(last_model_key="scripted:{last}")
"""
