"""Conversations that are there already."""

from __future__ import annotations

from tests.browser.person import Person
from tests.stack import Stack


def seed(stack: Stack, person: Person, *, conversations: int, messages: int = 0) -> None:
    """`conversation 1` (the newest) to n, nine hours apart; the newest has that many messages, numbered from 1."""
    stack.manage("shell", "-c", _SEED.format(email=person.email, conversations=conversations, messages=messages))


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
