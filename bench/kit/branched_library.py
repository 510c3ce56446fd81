"""A long conversation with many branches: `python -m bench.kit.branched_library MESSAGES BRANCHES`."""

from __future__ import annotations

import sys
from typing import Any

import django
import orjson

from bench.kit.people import make_person

_BRANCH_MESSAGES = 20


def main() -> None:
    django.setup()
    messages, branches = (int(argument) for argument in sys.argv[1:3])
    print(orjson.dumps(_conversation(messages, branches)).decode())


def _conversation(messages: int, branches: int) -> dict[str, Any]:
    """A person whose conversation has that many messages in all; `forks` are pairs of a shown question and its other version."""
    from accounts.selectors.actor import actor_for
    from conversations.models import Conversation, Message
    from conversations.services.seed_demo import seed_demo

    person = make_person("branches@example.org")
    Conversation.objects.filter(owner_id=person["user"]).delete()
    seed_demo(actor_for(person["user"]), conversations=1, messages=messages - branches * _BRANCH_MESSAGES)
    conversation = Conversation.objects.get(owner_id=person["user"])
    trunk = _path(conversation)
    step = (len(trunk) - _BRANCH_MESSAGES) // (branches + 1) // 2 * 2
    forks, copies = [], []
    for number in range(1, branches + 1):
        originals = trunk[number * step : number * step + _BRANCH_MESSAGES]
        parent = originals[0].parent_id
        copied = [_copy(original) for original in originals]
        for copy in copied:
            copy.parent_id, parent = parent, copy.id
        forks.append((str(originals[0].id), str(copied[0].id)))
        copies += copied
    Message.objects.bulk_create(copies, batch_size=500)
    total = Message.objects.filter(conversation=conversation).count()
    return {**person, "conversation": str(conversation.id), "forks": forks, "messages": total, "shown": len(trunk)}


def _path(conversation: Any) -> list[Any]:
    """The shown messages, the first one first."""
    known = {message.id: message for message in conversation.messages.all()}
    found = []
    place = conversation.active_leaf_id
    while place is not None:
        found.append(known[place])
        place = known[place].parent_id
    return found[::-1]


def _copy(message: Any) -> Any:
    from core.ids import uuid7

    fields = {field.attname: getattr(message, field.attname) for field in message._meta.concrete_fields}
    return type(message)(**{**fields, "id": uuid7(), "client_key": None})


if __name__ == "__main__":
    main()
