"""What was used stays used: neither a deleted conversation nor a deleted account takes its spend along."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db.models import Sum
from django.utils import timezone

from accounts.models import User
from accounts.services.close_account import close_account
from accounts.services.erase_people import erase_due_people
from accounts.types import Actor
from conversations.models import Conversation
from conversations.services.delete_conversation import delete_conversation
from conversations.services.erase_conversations import erase_conversations
from usage.figures import Figures, summed
from usage.ladder import rungs
from usage.models import LedgerEntry, Period, Rollup
from usage.selectors.figures import read_kinds, read_subjects
from usage.services import audit, audit_rollups, roll_up, settle
from usage.tests.builders import call

pytestmark = pytest.mark.django_db


def _totals(owner: Actor) -> tuple[Any, ...]:
    sums = {"tokens": Sum("tokens"), "cost": Sum("cost")}
    mine = {"workspace_id": owner.workspace_id}
    period = Period.objects.get(**mine)
    entries = LedgerEntry.objects.filter(**mine).aggregate(**sums)
    rollups = Rollup.objects.filter(**mine, grain=1440).aggregate(**sums)
    return period.tokens_used, period.cost_used, entries["tokens"], entries["cost"], rollups["tokens"], rollups["cost"]


def test_deleting_a_conversation_or_the_account_leaves_totals_unchanged(owner: Actor) -> None:
    conversation = Conversation.objects.create(workspace_id=owner.workspace_id, owner_id=owner.user_id, title="Short-lived")
    subject = f"conversation:{conversation.id}"
    settle(None, call(owner.workspace_id, output=1234, user_id=owner.user_id, subject=subject))
    roll_up()
    before = _totals(owner)
    assert before[:3] == (1234, Decimal("0.01851"), 1234)
    assert before[2:4] == before[4:6]

    delete_conversation(owner, conversation.id)
    assert _totals(owner) == before
    erase_conversations(now=timezone.now() + timedelta(days=365))
    assert not Conversation.objects.filter(id=conversation.id).exists()
    assert _totals(owner) == before

    User.objects.get(id=owner.user_id).delete()
    roll_up()
    assert _totals(owner) == before
    assert audit() == []
    assert audit_rollups() == []


def test_closing_and_erasing_the_account_as_people_do_leaves_totals_unchanged(owner: Actor) -> None:
    for number in range(3):
        conversation = Conversation.objects.create(workspace_id=owner.workspace_id, owner_id=owner.user_id, title=f"Number {number}")
        settle(None, call(owner.workspace_id, output=1000 + number, user_id=owner.user_id, subject=f"conversation:{conversation.id}"))
    before, ever = _figures(owner), _totals_but_rollups(owner)
    close_account(User.objects.get(id=owner.user_id))
    assert erase_due_people(now=timezone.now() + timedelta(days=15)) == 1
    assert not User.objects.filter(id=owner.user_id).exists()
    assert not Conversation.objects.filter(workspace_id=owner.workspace_id).exists()
    for _ in range(2):
        assert _figures(owner) == before, "before and after they are rolled up"
        assert _totals_but_rollups(owner) == ever
        roll_up()
    assert {entry.user_id for entry in LedgerEntry.objects.filter(workspace_id=owner.workspace_id)} == {None}
    assert audit() == []
    assert audit_rollups() == []


def _totals_but_rollups(owner: Actor) -> tuple[Any, ...]:
    return _totals(owner)[:4]


def _figures(owner: Actor) -> Figures:
    """What pages and statistics read."""
    now = timezone.now()
    span = (now - timedelta(days=40), now + timedelta(days=40))
    conversations = summed(row.figures for row in read_subjects(owner.workspace_id, *span, 50))
    assert conversations == summed(row.figures for row in read_kinds(owner.workspace_id, rungs(span)))
    return conversations
