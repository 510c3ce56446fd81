"""Somebody takes everything along and leaves, by the product's own worker: `python -m bench.kit.leave seed|export|erase|traces EMAIL`."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

import django
import orjson

_MOST_SECONDS = 1800
# Stands in every text of theirs: no word of any language, so that no stemmer of the search index shortens it.
MARK = "qzxverit"
_SHARES = 20


def main() -> None:
    django.setup()
    what, email, *numbers = sys.argv[1:]
    steps: dict[str, Callable[..., dict[str, Any]]] = {"seed": _seed, "export": _export, "erase": _erase, "traces": _traces}
    print(orjson.dumps(steps[what](email, *map(int, numbers))).decode())


def _seed(email: str, conversations: int, messages: int) -> dict[str, Any]:
    from django.core.management import call_command
    from django.db.models import Value
    from django.db.models.functions import Concat, Left

    from accounts.models import User
    from accounts.selectors.actor import actor_for
    from bench.kit.people import make_person
    from conversations.models import Conversation, Message
    from conversations.reading_types import ShareOptions
    from conversations.services.share_conversation import share_conversation
    from core.ids import uuid7

    person = make_person(email)
    User.objects.filter(id=person["user"]).update(name=f"Person {MARK}", custom_instructions=f"Say {MARK}.")
    call_command("seed_demo", email=email, conversations=conversations, messages=messages, stdout=sys.stderr)
    own = Conversation.objects.filter(owner_id=person["user"])
    texts = Message.objects.filter(conversation__in=own)
    own.update(title=Concat(Left("title", 150), Value(f" {MARK}")), system_prompt=f"Say {MARK}.")
    texts.update(**{part: Concat(part, Value(f" {MARK}")) for part in ("text", "html", "reasoning")})
    call_command("index_messages", again=True, stdout=sys.stderr)
    actor = actor_for(User.objects.get(email=email).pk)
    for pk in own.filter(messages__isnull=False).distinct().values_list("pk", flat=True)[:_SHARES]:
        share_conversation(actor, pk, ShareOptions(name=True), uuid7())
    return {"conversations": own.count(), "messages": texts.count()}


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
    """Tables, sessions and keys of Redis that know the address or the mark; conversations that there are."""
    from django.db import connection

    from accounts.sessions import SessionStore
    from conversations.models import Conversation
    from core.redis import get_redis

    tables = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT EXISTS (SELECT 1 FROM "{table}" row WHERE row::text ILIKE ANY(%s))', [[f"%{email}%", f"%{MARK}%"]])
            if cursor.fetchone()[0]:
                tables.append(table)
    words = (email.encode(), MARK.encode())
    server = get_redis()
    keys = [key.decode("utf-8", "replace") for key in server.scan_iter() if any(word in key + _value(server, key) for word in words)]
    # Their rows hold what is in them encoded; one of somebody who exists no more is a trace as well.
    left = [store.session_key for store in SessionStore.get_model_class().objects.all() if _names(store, email)]
    return {
        "tables": tables,
        "sessions": left,
        "redis": keys,
        "conversations": [str(pk) for pk in Conversation.objects.values_list("pk", flat=True)[:3]],
    }


def _value(server: Any, key: bytes) -> bytes:
    """Of a key of any kind."""
    read: dict[bytes, Callable[[bytes], Any]] = {
        b"string": server.get,
        b"hash": server.hgetall,
        b"list": lambda name: server.lrange(name, 0, -1),
        b"set": server.smembers,
        b"zset": lambda name: server.zrange(name, 0, -1),
        b"stream": server.xrange,
    }
    return repr(read[server.type(key)](key)).encode()


def _names(session: Any, email: str) -> bool:
    from django.contrib.auth import SESSION_KEY

    from accounts.models import User

    data = session.get_decoded()
    owner = User.objects.filter(pk=data.get(SESSION_KEY)).first()
    return email in repr(data) or MARK in repr(data) or owner is None or owner.email == email


if __name__ == "__main__":
    main()
