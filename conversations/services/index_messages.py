"""The words of messages go into the search index, after the messages and never in their way.

    an answer ends  -> its id and its question's wait in a set in Redis, one job takes them all a second later (`index_due`)
    anything else   -> (imports, forks, seeds, a job that was lost) is found by a sweep once a minute (`index_missing`)

The sweep looks only at what is younger than what it has verified already, less an hour for long transactions. The mark of
that stands in the cache; without it the sweep begins anew, which costs reading, not writing.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import redis
from django.core.cache import cache
from django.db import connection, transaction
from django.utils import timezone

from conversations.search.vector import vector_of
from conversations.states import LIVE
from core.jobs import enqueue_on_commit
from core.redis import get_redis

logger = logging.getLogger(__name__)

BATCH = 500
DUE = "search:due"
SCHEDULED = "search:scheduled"
VERIFIED = "search:verified"
SWEEPING = "search:sweeping"
_GATHER_SECONDS = 1
_MARGIN = timedelta(hours=1)
_SWEEP_SECONDS = 50.0
_NIL = UUID(int=0)

_READ = """
SELECT m.id, m.text FROM conversations_message m LEFT JOIN conversations_generation g ON g.message_id = m.id
WHERE m.id = ANY(%s) AND m.deleted_at IS NULL AND m.text <> '' AND (g.state IS NULL OR g.state <> ALL(%s))
"""

# The message is held by a share lock, so that nobody deletes it between reading and writing.
_WRITE = """
WITH words AS (SELECT unnest(%s::uuid[]) AS id, unnest(%s::text[]) AS vector),
said AS (
    SELECT m.id, m.conversation_id, m.role, m.created_at, words.vector FROM words JOIN conversations_message m ON m.id = words.id
    FOR KEY SHARE OF m
)
INSERT INTO conversations_searchentry (message_id, conversation_id, workspace_id, owner_id, role, model_key, said_at, words)
SELECT said.id, c.id, c.workspace_id, c.owner_id, said.role, coalesce(g.model_key, ''), said.created_at, said.vector::tsvector
FROM said JOIN conversations_conversation c ON c.id = said.conversation_id LEFT JOIN conversations_generation g ON g.message_id = said.id
ORDER BY said.id
ON CONFLICT (message_id, owner_id) DO UPDATE SET words = excluded.words, model_key = excluded.model_key, said_at = excluded.said_at
"""

# A page of messages by age; of each whether it lacks its entry, and whether it is still being written.
_PAGE = """
SELECT m.id, m.text <> '' AND m.deleted_at IS NULL AND NOT EXISTS (
        SELECT FROM conversations_searchentry e WHERE e.owner_id = c.owner_id AND e.message_id = m.id
    ), coalesce(g.state = ANY(%s), false)
FROM conversations_message m JOIN conversations_conversation c ON c.id = m.conversation_id
    LEFT JOIN conversations_generation g ON g.message_id = m.id
WHERE m.id > %s ORDER BY m.id LIMIT %s
"""


def index_messages(message_ids: Sequence[UUID]) -> int:
    """Write the entries of these messages anew and return how many; running answers and empty texts have none. Idempotent."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_READ, [list(message_ids), [state.value for state in LIVE]])
        vectors = [(identifier, vector_of(text)) for identifier, text in cursor.fetchall()]
        if vectors:
            cursor.execute(_WRITE, [[identifier for identifier, _ in vectors], [vector for _, vector in vectors]])
        return len(vectors)


def index_soon_on_commit(*message_ids: UUID | None) -> None:
    """Have these messages indexed about a second after the current transaction. Never raises: the sweep finds what is lost here."""
    identifiers = [str(identifier) for identifier in message_ids if identifier]
    if identifiers:
        transaction.on_commit(lambda: _index_soon(identifiers))


def _index_soon(identifiers: list[str]) -> None:
    from conversations.tasks import index_due as job

    try:
        client = get_redis()
        client.sadd(DUE, *identifiers)
        first = client.set(SCHEDULED, "1", nx=True, ex=30)
    except redis.RedisError as error:
        logger.warning("Messages will be indexed by the next sweep", extra={"cause": repr(error)})
        return
    if first:
        enqueue_on_commit(job, countdown=_GATHER_SECONDS)


def index_due() -> int:
    """Index what waits. One job for all that came within a second."""
    client = get_redis()
    client.delete(SCHEDULED)
    written = 0
    while taken := client.spop(DUE, BATCH):
        written += index_messages([UUID(identifier.decode()) for identifier in taken])  # type: ignore[union-attr]
    return written


def index_missing(*, now: datetime | None = None) -> int:
    """One sweep: index what lacks its entry, for at most 50 seconds; the next one goes on there. One sweep at a time."""
    if not cache.add(SWEEPING, "1", timeout=int(_SWEEP_SECONDS * 3)):
        return 0
    try:
        return _sweep(now or timezone.now())
    finally:
        cache.delete(SWEEPING)


def index_all(*, again: bool = False, on_progress: Callable[[int, int], None] = lambda seen, written: None) -> int:
    """Look at every message there is and index what lacks its entry, or all of them `again`. May be stopped and repeated."""
    seen = written = 0
    after = _NIL
    while page := _page(after):
        written += _index_in_batches([row[0] for row in page if again or row[1]])
        seen += len(page)
        after = page[-1][0]
        on_progress(seen, written)
    return written


def _sweep(now: datetime) -> int:
    began, written = time.monotonic(), 0
    after = UUID(cache.get(VERIFIED) or str(_NIL))
    latest = _floor(now - _MARGIN)
    while page := _page(after):
        written += _index_in_batches([identifier for identifier, missing, live in page if missing and not live])
        after = page[-1][0]
        unfinished = min((identifier for identifier, _, live in page if live), default=latest)
        latest = min(latest, unfinished)
        cache.set(VERIFIED, str(min(after, latest)), timeout=None)
        if time.monotonic() - began > _SWEEP_SECONDS:
            break
    return written


def _page(after: UUID) -> list[tuple[UUID, bool, bool]]:
    with connection.cursor() as cursor:
        cursor.execute(_PAGE, [[state.value for state in LIVE], after, BATCH * 4])
        return list(cursor.fetchall())


def _index_in_batches(identifiers: list[UUID]) -> int:
    return sum(index_messages(identifiers[at : at + BATCH]) for at in range(0, len(identifiers), BATCH))


def _floor(moment: datetime) -> UUID:
    """The least UUIDv7 of this moment."""
    return UUID(int=int(moment.timestamp() * 1000) << 80)
