"""What was used stays used: neither a deleted conversation nor a deleted account takes its spend along."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db.models import Sum
from django.utils import timezone

from accounts.models import User
from accounts.types import Actor
from conversations.models import Conversation
from conversations.services.delete_conversation import delete_conversation
from conversations.services.erase_conversations import erase_conversations
from usage.models import LedgerEntry, Period, Rollup
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
