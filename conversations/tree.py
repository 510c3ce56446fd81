"""Walking the message tree: cost depends on the steps taken, not on the conversation's size.

Nothing that was deleted is ever met: a deleted branch is cut off at its top, and what stands above a living message lives.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from uuid import UUID

from django.db import connection

_WINDOW = """
WITH RECURSIVE path AS (
    SELECT id, parent_id, 1 AS step FROM conversations_message WHERE id = %s AND conversation_id = %s
    UNION ALL
    SELECT m.id, m.parent_id, path.step + 1 FROM path JOIN conversations_message m ON m.id = path.parent_id WHERE path.step < %s
)
SELECT id FROM path ORDER BY step
"""

_MEASURED = """
WITH RECURSIVE path AS (
    SELECT id, parent_id, role, coalesce(token_count, 0)::bigint AS tokens, text_chars::bigint AS chars,
        text_bytes::bigint AS bytes, 1 AS step
    FROM conversations_message WHERE id = %s AND conversation_id = %s
    UNION ALL
    SELECT m.id, m.parent_id, m.role, path.tokens + coalesce(m.token_count, 0), path.chars + m.text_chars,
        path.bytes + m.text_bytes, path.step + 1
    FROM path JOIN conversations_message m ON m.id = path.parent_id WHERE path.tokens + coalesce(m.token_count, 0) <= %s
)
SELECT id, parent_id, role, tokens, chars, bytes FROM path ORDER BY step
"""

_BETWEEN = """
WITH RECURSIVE path AS (
    SELECT id, parent_id, role, text, 1 AS step FROM conversations_message WHERE id = %s
    UNION ALL
    SELECT m.id, m.parent_id, m.role, m.text, path.step + 1
    FROM path JOIN conversations_message m ON m.id = path.parent_id WHERE path.id <> %s
)
SELECT role, text FROM path ORDER BY step DESC
"""

_DEPTH = """
WITH RECURSIVE path AS (
    SELECT id, parent_id, 1 AS step FROM conversations_message WHERE id = %s
    UNION ALL
    SELECT m.id, m.parent_id, path.step + 1 FROM path JOIN conversations_message m ON m.id = path.parent_id
)
SELECT count(*) FROM path
"""

_LATEST_LEAF = """
WITH RECURSIVE down AS (
    SELECT id, 1 AS step FROM conversations_message WHERE id = %s AND conversation_id = %s AND deleted_at IS NULL
    UNION ALL
    SELECT child.id, down.step + 1 FROM down CROSS JOIN LATERAL (
        SELECT id FROM conversations_message WHERE parent_id = down.id AND deleted_at IS NULL ORDER BY id DESC LIMIT 1
    ) child
)
SELECT id FROM down ORDER BY step DESC LIMIT 1
"""

_STEP_BELOW = """
WITH RECURSIVE path AS (
    SELECT id, parent_id FROM conversations_message WHERE id = %(leaf)s
    UNION ALL
    SELECT m.id, m.parent_id FROM path JOIN conversations_message m ON m.id = path.parent_id
    WHERE path.parent_id IS DISTINCT FROM %(parent)s::uuid
)
SELECT id FROM path WHERE parent_id IS NOT DISTINCT FROM %(parent)s::uuid
"""

_SUBTREE = """
WITH RECURSIVE below AS (
    SELECT id FROM conversations_message WHERE id = %(top)s
    UNION ALL
    SELECT m.id FROM below JOIN conversations_message m ON m.parent_id = below.id
    WHERE m.deleted_at IS NOT DISTINCT FROM %(deleted_at)s::timestamptz
)
SELECT id FROM below
"""


_WHOLE_PATH = 1_000_000


@dataclass(frozen=True, slots=True)
class Step:
    """A message on the way up; `tokens`, `text_chars` and `text_bytes` are the sums from the leaf to here."""

    id: UUID
    parent_id: UUID | None
    role: str
    tokens: int
    text_chars: int
    text_bytes: int


def ids_upward(conversation_id: UUID, leaf_id: UUID, limit: int) -> list[UUID]:
    """Up to `limit` message ids, from the leaf upwards."""
    with connection.cursor() as cursor:
        cursor.execute(_WINDOW, [leaf_id, conversation_id, limit])
        return [row[0] for row in cursor.fetchall()]


def measured_upward(conversation_id: UUID, leaf_id: UUID, token_budget: int) -> list[Step]:
    """The messages from the leaf upwards whose tokens fit the budget together. The leaf is there even if it does not fit."""
    with connection.cursor() as cursor:
        cursor.execute(_MEASURED, [leaf_id, conversation_id, token_budget])
        return [Step(*row) for row in cursor.fetchall()]


def texts_between(leaf_id: UUID, oldest_id: UUID) -> list[tuple[str, str]]:
    """(role, text) from the oldest message down to the leaf."""
    with connection.cursor() as cursor:
        cursor.execute(_BETWEEN, [leaf_id, oldest_id])
        return [(row[0], row[1]) for row in cursor.fetchall()]


def depth(message_id: UUID) -> int:
    """How many messages lie from the root to this one, both counted."""
    with connection.cursor() as cursor:
        cursor.execute(_DEPTH, [message_id])
        return int(cursor.fetchone()[0])


def latest_leaf_below(conversation_id: UUID, message_id: UUID) -> UUID | None:
    """The leaf reached by always taking the newest child; None when the message is not of this conversation, or deleted."""
    with connection.cursor() as cursor:
        cursor.execute(_LATEST_LEAF, [message_id, conversation_id])
        row = cursor.fetchone()
        return row[0] if row else None


def step_below(leaf_id: UUID, parent_id: UUID | None) -> UUID | None:
    """The message on the way up from the leaf that hangs below this parent (None: the first message); None when the parent is not on it."""
    with connection.cursor() as cursor:
        cursor.execute(_STEP_BELOW, {"leaf": leaf_id, "parent": parent_id})
        row = cursor.fetchone()
        return row[0] if row else None


def path_to(conversation_id: UUID, message_id: UUID) -> list[UUID]:
    """All message ids from the root down to this one."""
    return ids_upward(conversation_id, message_id, _WHOLE_PATH)[::-1]


def parting(conversation_id: UUID, leaf_id: UUID, other_id: UUID) -> UUID | None:
    """Where the way to the leaf leaves the way to the other message: the first message that only the leaf's way has.

    None when one of the two lies on the other's way.
    """
    ours, theirs = (ids_upward(conversation_id, end, _WHOLE_PATH) for end in (leaf_id, other_id))
    shared = set(theirs)
    if leaf_id in shared or other_id in set(ours):
        return None
    return next((below for below, above in pairwise(ours) if above in shared), ours[-1])


def subtree(top_id: UUID, *, deleted_at: datetime | None = None) -> list[UUID]:
    """The message and everything below it that is not deleted; or what was deleted with it, at that moment."""
    with connection.cursor() as cursor:
        cursor.execute(_SUBTREE, {"top": top_id, "deleted_at": deleted_at})
        return [row[0] for row in cursor.fetchall()]
