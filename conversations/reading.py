"""The whole branch that a conversation shows, as steps without texts, and how it is cut into pages.

Five thousand messages are five thousand short rows; what asks for texts asks for a page of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from uuid import UUID

from django.db import connection

from conversations.states import LIVE

_BRANCH = """
WITH RECURSIVE path AS (
    SELECT id, parent_id, role, text_bytes, making->>'status' AS ended, 1 AS step FROM conversations_message
    WHERE id = %s AND conversation_id = %s
    UNION ALL
    SELECT m.id, m.parent_id, m.role, m.text_bytes, m.making->>'status', path.step + 1
    FROM path JOIN conversations_message m ON m.id = path.parent_id
)
SELECT path.id, path.role, path.text_bytes, coalesce(g.state, path.ended, '') FROM path
LEFT JOIN conversations_generation g ON g.message_id = path.id ORDER BY path.step DESC
"""


@dataclass(frozen=True, slots=True)
class BranchStep:
    """A message of the branch. `state` is its generation's, or how it ended elsewhere; empty when it is as usual there."""

    id: UUID
    role: str
    text_bytes: int
    state: str

    @property
    def finished(self) -> bool:
        return self.state not in LIVE

    @property
    def readable(self) -> bool:
        """Finished, with something in it: an answer that failed before its first word is nothing to read."""
        return self.finished and (self.role == "user" or not self.state or self.text_bytes > 0)


def read_branch(conversation_id: UUID, leaf_id: UUID | None) -> list[BranchStep]:
    """Every message from the first down to the leaf, in reading order. One query, without the texts."""
    if leaf_id is None:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_BRANCH, [leaf_id, conversation_id])
        return [BranchStep(*row) for row in cursor.fetchall()]


def page_starts(sizes: Sequence[int], *, most: int, most_bytes: int) -> list[int]:
    """Where pages begin: each has at most `most` messages and, unless it is a single one, at most `most_bytes`."""
    starts: list[int] = []
    count = total = 0
    for position, size in enumerate(sizes):
        if not starts or count == most or total + size > most_bytes:
            starts.append(position)
            count = total = 0
        count += 1
        total += size
    return starts


def in_pages(steps: Sequence[BranchStep], *, most: int, most_bytes: int) -> Iterator[Sequence[BranchStep]]:
    """The steps page by page; of an empty conversation none."""
    starts = page_starts([step.text_bytes for step in steps], most=most, most_bytes=most_bytes)
    for start, end in pairwise([*starts, len(steps)]):
        yield steps[start:end]
