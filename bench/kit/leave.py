"""Somebody takes everything along and leaves, by the product's own worker: `python -m bench.kit.leave seed|export|erase|traces EMAIL`."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

import django
import orjson

_MOST_SECONDS = 1800


def main() -> None:
    django.setup()
    what, email, *numbers = sys.argv[1:]
    steps: dict[str, Callable[..., dict[str, Any]]] = {"seed": _seed, "export": _export, "erase": _erase, "traces": _traces}
    print(orjson.dumps(steps[what](email, *map(int, numbers))).decode())


def _seed(email: str, conversations: int, messages: int) -> dict[str, Any]:
    from django.core.management import call_command

    from accounts.models import User
    from bench.kit.people import make_person
    from conversations.models import Conversation, Message

    person = make_person(email)
    User.objects.filter(id=person["user"]).update(name="An Unmistakable Person")
    call_command("seed_demo", email=email, conversations=conversations, messages=messages, stdout=sys.stderr)
    own = Conversation.objects.filter(owner_id=person["user"])
    return {"conversations": own.count(), "messages": Message.objects.filter(conversation__in=own).count()}


def _export(email: str) -> dict[str, Any]:
    from accounts.models import User
    from accounts.services.ask_for_export import ask_for_export
    from accounts.types import UNFINISHED_EXPORT, ExportState

    began = time.monotonic()
    export = ask_for_export(User.objects.get(email=email).pk)
    while export.state in UNFINISHED_EXPORT and time.monotonic() - began < _MOST_SECONDS:
        time.sleep(0.1)
        export.refresh_from_db()
    return {
        "done": export.state == ExportState.READY,
        "seconds": round(time.monotonic() - began, 1),
        "steps": export.total,
        "attempts": export.attempts,
        "megabytes": round(export.size_bytes / 1e6, 1),
    }


def _erase(email: str) -> dict[str, Any]:
    """Closed without a time of grace; beat's rounds do the rest, so up to a minute of it is waiting."""
    from accounts.models import User
    from accounts.services.close_account import close_account
    from accounts.tasks import erase_due_people

    began = time.monotonic()
    close_account(User.objects.get(email=email))
    erase_due_people.delay()
    while User.objects.filter(email=email).exists() and time.monotonic() - began < _MOST_SECONDS:
        time.sleep(0.1)
    return {"done": not User.objects.filter(email=email).exists(), "seconds": round(time.monotonic() - began, 1)}


def _traces(email: str) -> dict[str, Any]:
    """Tables and keys of Redis that still know the address or the name; conversations that are left."""
    from django.db import connection

    from conversations.models import Conversation
    from core.redis import get_redis

    tables = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT EXISTS (SELECT 1 FROM "{table}" row WHERE row::text ILIKE ANY(%s))', [[f"%{email}%", "%unmistakable%"]])
            if cursor.fetchone()[0]:
                tables.append(table)
    server = get_redis()
    keys = [key.decode("utf-8", "replace") for key in server.scan_iter() if b"unmistakable" in key.lower() or _holds(server, key)]
    return {"tables": tables, "redis": keys, "conversations": [str(pk) for pk in Conversation.objects.values_list("pk", flat=True)[:3]]}


def _holds(server: Any, key: bytes) -> bool:
    return server.type(key) == b"string" and b"unmistakable" in (server.get(key) or b"").lower()


if __name__ == "__main__":
    main()
