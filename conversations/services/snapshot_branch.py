"""Copy what a conversation shows into a share. No text passes through this process: the database copies row by row."""

from __future__ import annotations

from django.db import connection
from django.utils import timezone

from conversations.exceptions import NothingToShare, TooLongToShare
from conversations.models import Conversation, Share
from conversations.reading import page_starts, read_branch
from conversations.selectors.conversations import UNTITLED

PAGE_MESSAGES = 50
PAGE_BYTES = 400_000
MOST_MESSAGES = 20_000
MOST_BYTES = 64_000_000

_COPY = """
INSERT INTO conversations_sharedmessage
    (share_id, position, role, text, html, reasoning, reasoning_seconds, model_key, model_name, said_at, cut_short, token_count)
SELECT %(share)s, chosen.place - 1, m.role, m.text, CASE WHEN m.role = 'assistant' THEN m.html ELSE '' END,
    CASE WHEN %(reasoning)s THEN m.reasoning ELSE '' END,
    CASE WHEN %(reasoning)s THEN coalesce(g.reasoning_seconds, (m.making->>'reasoning_seconds')::float8) END,
    coalesce(g.model_key, ''), coalesce(g.model_name, m.answered_by),
    m.created_at, coalesce(g.state, m.making->>'status', 'completed') <> 'completed', m.token_count
FROM unnest(%(ids)s::uuid[]) WITH ORDINALITY AS chosen(id, place)
JOIN conversations_message m ON m.id = chosen.id
LEFT JOIN conversations_generation g ON g.message_id = m.id
WHERE m.conversation_id = %(conversation)s
"""

_MODELS = """
SELECT model_name FROM conversations_sharedmessage WHERE share_id = %s AND model_name <> '' GROUP BY model_name ORDER BY min(position)
"""


def snapshot_branch(share: Share, conversation: Conversation) -> None:
    """Fill the saved but empty `share` with the finished messages of the shown branch, and with what its options say.

    Part of the caller's transaction; the caller saves the share afterwards. Raises `NothingToShare`, `TooLongToShare`.
    """
    steps = [step for step in read_branch(conversation.id, conversation.active_leaf_id) if step.readable]
    if not steps:
        raise NothingToShare
    sizes = [step.text_bytes for step in steps]
    if len(steps) > MOST_MESSAGES or sum(sizes) > MOST_BYTES:
        raise TooLongToShare
    ids = [step.id for step in steps]
    with connection.cursor() as cursor:
        cursor.execute(_COPY, {"share": share.id, "conversation": conversation.id, "ids": ids, "reasoning": share.shows_reasoning})
        cursor.execute(_MODELS, [share.id])
        share.model_names = [row[0] for row in cursor.fetchall()]
    share.message_count = len(steps)
    share.page_starts = page_starts(sizes, most=PAGE_MESSAGES, most_bytes=PAGE_BYTES)
    share.title = conversation.title or UNTITLED
    share.author_name = conversation.owner.name if share.shows_name else ""
    share.system_prompt = conversation.system_prompt if share.shows_system_prompt else ""
    share.snapshot_at = timezone.now()
