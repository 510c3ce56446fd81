"""Conversations of known sizes for the page benchmark: `python -m bench.kit.libraries MESSAGES,... CONVERSATIONS,...`."""

from __future__ import annotations

import sys
from typing import Any

import django
import orjson

from bench.kit.people import make_person


def main() -> None:
    django.setup()
    messages, conversations = ([int(size) for size in argument.split(",")] for argument in sys.argv[1:3])
    result = {
        "conversations": {size: _conversation_of(size) for size in messages},
        "lists": {size: _list_of(size) for size in conversations},
    }
    print(orjson.dumps(result, option=orjson.OPT_NON_STR_KEYS).decode())


def _conversation_of(messages: int) -> dict[str, Any]:
    """A person whose one conversation has so many messages."""
    return _person(f"messages-{messages}", conversations=1, messages=messages)


def _list_of(conversations: int) -> dict[str, Any]:
    """A person with so many conversations of one turn each."""
    return _person(f"conversations-{conversations}", conversations=conversations, messages=2)


def _person(name: str, *, conversations: int, messages: int) -> dict[str, Any]:
    from accounts.selectors.actor import actor_for
    from conversations.models import Conversation
    from conversations.services.seed_demo import seed_demo

    person = make_person(f"{name}@example.org")
    Conversation.objects.filter(owner_id=person["user"]).delete()
    seed_demo(actor_for(person["user"]), conversations=conversations, messages=messages)
    latest = Conversation.objects.filter(owner_id=person["user"]).order_by("-last_activity_at").first()
    assert latest is not None
    return {**person, "conversation": str(latest.pk)}


if __name__ == "__main__":
    main()
