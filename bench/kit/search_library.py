"""A table full of search entries, and the real search timed on it: `python -m bench.kit.search_library ENTRIES OWN ROUNDS`."""

from __future__ import annotations

import os
import sys
import time
from datetime import timedelta
from typing import Any

import django
import orjson

from bench.kit.people import make_person

_STRANGERS = 900
_A_CONVERSATION = 50
_INDEX = "CREATE INDEX search_entry_words ON conversations_searchentry USING gin (owner_id, words)"

# Words by Zipf's law: number n is said 1/n as often as the first. Letters stand for digits, so that a word may have a typing error.
_TEXTS = """
CREATE TEMP TABLE texts AS SELECT number, text, to_tsvector('simple', text) AS words FROM (
    SELECT number, string_agg(translate(floor(exp(random() * ln(120000)))::int::text, '0123456789', 'aeioudlnrs'), ' ') AS text
    FROM generate_series(0, 19999) number CROSS JOIN generate_series(1, 90) GROUP BY number
) said
"""
_MESSAGES = """
INSERT INTO conversations_message (id, created_at, conversation_id, workspace_id, role, text, html, reasoning, answered_by, text_chars,
    text_bytes)
SELECT uuidv7(), %(now)s::timestamptz - n * interval '6 minutes', (%(conversations)s::uuid[])[1 + n / %(size)s], %(workspace)s,
    CASE WHEN n %% 2 = 0 THEN 'user' ELSE 'assistant' END, text || ' unique' || n, '', '', '', length(text), length(text)
FROM generate_series(0, %(own)s - 1) n JOIN texts ON number = n %% 20000
"""
_OWN = """
INSERT INTO conversations_searchentry (message_id, conversation_id, workspace_id, owner_id, role, model_key, said_at, words)
SELECT m.id, m.conversation_id, m.workspace_id, %(owner)s, m.role, CASE WHEN m.role = 'user' THEN '' ELSE 'scripted:scripted' END,
    m.created_at, to_tsvector('simple', m.text)
FROM conversations_message m WHERE m.workspace_id = %(workspace)s
"""
# Of other people the entries alone: nothing of theirs is ever read.
_OTHERS = """
INSERT INTO conversations_searchentry (message_id, conversation_id, workspace_id, owner_id, role, model_key, said_at, words)
SELECT gen_random_uuid(), md5('c' || n / 50)::uuid, md5('w' || n %% %(strangers)s)::uuid, md5('o' || n %% %(strangers)s)::uuid, 'user', '',
    %(now)s::timestamptz - n * interval '1 minute', words
FROM generate_series(1, %(others)s) n JOIN texts ON number = n %% 20000
"""

# What is typed (made of words of the texts above), and how it is filtered.
_QUERIES: dict[str, tuple[str, dict[str, Any]]] = {
    "one rare word": ("unique31415", {}),
    "one common word": ("er", {}),
    "two words": ("eio dau", {}),
    "three words": ("ens ioa eu", {}),
    "a phrase": ('"ea er"', {}),
    "without a word": ("dud -er", {}),
    "beginnings": ("uni", {}),
    "either": ("unique77 OR unique78", {}),
    "by role": ("lull", {"role": "user"}),
    "by model": ("dud", {"model_key": "scripted:scripted"}),
    "by days": ("nan", {"days": (400, 100)}),
    "pinned": ("run", {"where": "pinned"}),
    "archived": ("oir", {"where": "archived"}),
    "a typing error": ("eioxud", {}),
    "nothing": ("zzzzz", {}),
}


def main() -> None:
    django.setup()
    entries, own, rounds = map(int, sys.argv[1:4])
    began = time.monotonic()
    actor = _fill(entries, own)
    seconds = time.monotonic() - began
    print(f"{entries:,} entries in {seconds:.0f} s", file=sys.stderr)
    times, hits, load = _measure(actor, rounds)
    found = {"seed_seconds": round(seconds), "times": times, "hits": hits, "load": load, "plans": _plans(actor)}
    print(orjson.dumps(found).decode())


def _fill(entries: int, own: int) -> Any:
    from django.db import connection, transaction
    from django.utils import timezone

    from accounts.selectors.actor import actor_for
    from conversations.models import Conversation

    actor = actor_for(make_person("searcher@example.org")["user"])
    now = timezone.now()
    made = [
        Conversation(
            owner_id=actor.user_id,
            workspace_id=actor.workspace_id,
            title=f"conversation about {number}",
            last_activity_at=now - timedelta(hours=5 * number),
            pinned_at=now if number % 20 == 1 else None,
            archived_at=now if number % 10 == 2 else None,
        )
        for number in range(-(-own // _A_CONVERSATION))
    ]
    Conversation.objects.bulk_create(made, batch_size=2000)
    values: dict[str, Any] = {"now": now, "owner": actor.user_id, "workspace": actor.workspace_id, "own": own, "size": _A_CONVERSATION}
    values |= {"conversations": [one.id for one in made], "others": entries - own, "strangers": _STRANGERS}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_TEXTS)
        cursor.execute("DROP INDEX search_entry_words")
        cursor.execute(_MESSAGES, values)
        cursor.execute(_OWN, values)
        cursor.execute("SET LOCAL session_replication_role = replica")  # their messages do not exist
        cursor.execute(_OTHERS, values)
        cursor.execute("SET LOCAL maintenance_work_mem = '512MB'")
        cursor.execute(_INDEX)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE conversations_searchentry, conversations_message, conversations_conversation")
    return actor


def _measure(actor: Any, rounds: int) -> tuple[dict[str, list[float]], dict[str, str], float]:
    """Every query in turns, the first round unmeasured: milliseconds of each, and how many it finds."""
    from django.utils import timezone

    from conversations.search.results import SearchFilters
    from conversations.selectors.search import search

    times: dict[str, list[float]] = {name: [] for name in _QUERIES}
    hits: dict[str, str] = {}
    for number in range(rounds + 1):
        for name, (typed, asked) in _QUERIES.items():
            filters = {key: value for key, value in asked.items() if key != "days"}
            if "days" in asked:
                since, until = (timezone.now() - timedelta(days=days) for days in asked["days"])
                filters |= {"since": since, "until": until}
            began = time.perf_counter()
            results = search(actor, typed, SearchFilters(**filters))
            if number:
                times[name].append(round((time.perf_counter() - began) * 1000, 2))
            hits[name] = f"{results.total:,}{'' if results.complete else '+'}"
    return times, hits, round(os.getloadavg()[0], 1)


def _plans(actor: Any) -> dict[str, str]:
    """EXPLAIN (ANALYZE, BUFFERS) of the statements that the search of a common and of a rare word makes."""
    from django.db import connection

    from conversations.selectors.search import search

    plans = {}
    for name in ("one common word", "one rare word"):
        asked: list[tuple[str, Any]] = []

        def listen(execute: Any, sql: str, params: Any, many: bool, context: Any, asked: list[tuple[str, Any]] = asked) -> Any:
            asked.append((sql, params))
            return execute(sql, params, many, context)

        with connection.execute_wrapper(listen):
            search(actor, _QUERIES[name][0])
        with connection.cursor() as cursor:
            for number, (sql, params) in enumerate(asked, 1):
                cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS) {sql}", params)
                plans[f"{name}, statement {number}"] = "\n".join(row[0] for row in cursor.fetchall())
    return plans


if __name__ == "__main__":
    main()
