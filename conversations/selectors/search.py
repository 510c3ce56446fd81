"""Search through one person's messages and titles.

How hits are found depends on how many there are, for neither way is fast for all words (docs/search.md has the figures):

1. The newest 3,000 entries of the person are read back from an index by time. For most people these are all there are.
2. Many hits among them: the word is frequent. Reading goes on, newest first, until 500 hits or 12,000 entries; ranking tens of
   thousands of messages that say "the" would take long and tell nobody anything.
3. Few: the word is rare enough for the GIN index over (owner, words), which gives all hits; the newest 1,000 are ranked.

The rank is PostgreSQL's cover density (whole words count double) times an age that halves it slowly.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from accounts.types import Actor
from conversations.search.query import Phrase, Query, parse_query
from conversations.search.results import MessageHit, SearchFilters, SearchResults, TitleHit
from conversations.search.snippets import LOOKED_AT, marked, snippet
from conversations.search.spelling import neighbours

PAGE_SIZE = 20
MOST_PAGES = 10
FIRST_LOOK = 3_000
FREQUENT = 150
LONGEST_LOOK = 12_000
FREQUENT_HITS = 500
RANKED = 1_000
_TITLES = 6
_OF_ONE_CONVERSATION = 3
_LACKING_WORDS = 3

_LOOK = """
SELECT message_id FROM (
    SELECT message_id, conversation_id, role, model_key, words FROM conversations_searchentry
    WHERE owner_id = %(owner)s AND workspace_id = %(workspace)s {dates}
    ORDER BY said_at DESC, message_id LIMIT %(depth)s
) newest WHERE words @@ %(query)s::tsquery {filters} LIMIT %(most)s
"""

_OWN = """
SELECT count(*) FROM (
    SELECT FROM conversations_searchentry WHERE owner_id = %(owner)s AND workspace_id = %(workspace)s {dates} LIMIT %(depth)s
) own
"""

_BY_WORDS = """
WITH hits AS MATERIALIZED (
    SELECT message_id, said_at FROM conversations_searchentry
    WHERE owner_id = %(owner)s AND workspace_id = %(workspace)s AND words @@ %(query)s::tsquery {dates} {filters}
)
SELECT message_id FROM hits ORDER BY said_at DESC LIMIT %(most)s
"""

_RANKED = """
WITH ranked AS (
    SELECT message_id, conversation_id, role, model_key, said_at,
        (ts_rank_cd(words, %(query)s::tsquery, 1) + ts_rank_cd(words, %(closed)s::tsquery, 1))
        * (0.5 + 0.5 * exp(extract(epoch FROM said_at - %(now)s) / (180 * 86400.0))) AS score
    FROM conversations_searchentry WHERE owner_id = %(owner)s AND message_id = ANY(%(ids)s)
), shown AS (
    SELECT ranked.*, c.title, c.archived_at IS NOT NULL AS archived,
        row_number() OVER here AS place, count(*) OVER (PARTITION BY ranked.conversation_id) AS here_count
    FROM ranked JOIN conversations_conversation c ON c.id = ranked.conversation_id JOIN conversations_message m ON m.id = ranked.message_id
    WHERE m.deleted_at IS NULL AND {conversation}
    WINDOW here AS (PARTITION BY ranked.conversation_id ORDER BY score DESC, message_id DESC)
), total AS (SELECT count(*) AS total FROM shown), page AS (
    SELECT * FROM shown WHERE place <= %(of_one)s ORDER BY score DESC, message_id DESC OFFSET %(skip)s LIMIT %(most)s
)
SELECT page.message_id, page.conversation_id, page.title, page.role, coalesce(g.model_name, ''), page.said_at, page.archived,
    CASE WHEN page.place = %(of_one)s THEN page.here_count - page.place ELSE 0 END, left(m.text, %(looked_at)s), total.total
FROM total LEFT JOIN page ON true LEFT JOIN conversations_message m ON m.id = page.message_id
    LEFT JOIN conversations_generation g ON g.message_id = page.message_id
ORDER BY page.score DESC, page.message_id DESC
"""

_CONVERSATION = """c.owner_id = %(owner)s AND c.workspace_id = %(workspace)s
    AND c.deleted_at IS NULL AND c.expires_at IS NULL"""

_AMONG = "conversation_id = ANY(ARRAY(SELECT c.id FROM conversations_conversation c WHERE {conversation}))"

_EXISTING = """
SELECT word FROM unnest(%(words)s::text[]) word WHERE EXISTS (
    SELECT FROM (
        SELECT conversation_id FROM conversations_searchentry
        WHERE owner_id = %(owner)s AND workspace_id = %(workspace)s AND words @@ quote_literal(word)::tsquery OFFSET 0
    ) entry JOIN conversations_conversation c ON c.id = entry.conversation_id WHERE c.deleted_at IS NULL AND c.expires_at IS NULL
) ORDER BY similarity(word, %(typed)s) DESC LIMIT 3
"""

_TITLES_LIKE = """
SELECT c.id, c.title, c.last_activity_at, c.pinned_at IS NOT NULL, c.archived_at IS NOT NULL FROM conversations_conversation c
WHERE {conversation} AND {titles} {dates} ORDER BY c.last_activity_at DESC LIMIT %(most)s
"""


def search(actor: Actor, typed: str, filters: SearchFilters | None = None, *, page: int = 1) -> SearchResults:
    """Hits in titles (first page) and messages, best first. Any text may be typed; one without a word finds nothing."""
    query, filters = parse_query(typed), filters or SearchFilters()
    if not query:
        return SearchResults()
    page = max(1, min(page, MOST_PAGES))
    titles = _titles(actor, query, filters) if page == 1 and not filters.of_messages else ()
    results = _messages(actor, query, filters, page)
    if not results.total and not titles and (corrected := _corrected(actor, query)):
        query, words = corrected
        results = replace(_messages(actor, query, filters, page), corrected=words)
    return replace(results, titles=titles)


def _messages(actor: Actor, query: Query, filters: SearchFilters, page: int) -> SearchResults:
    ids, complete = _candidates(actor, query, filters)
    if not ids:
        return SearchResults()
    asked = _asked(actor, query, filters) | {
        "ids": ids,
        "closed": query.tsquery(closed=True),
        "of_one": len(ids) if filters.conversation_id else _OF_ONE_CONVERSATION,
        "skip": (page - 1) * PAGE_SIZE,
        "most": PAGE_SIZE + 1,
        "looked_at": LOOKED_AT,
    }
    rows = _rows(_RANKED.format(conversation=_conversation_sql(filters)), asked)
    hits = tuple(
        MessageHit(message, conversation, title, role, model, said_at, archived, snippet(text, query), more)
        for message, conversation, title, role, model, said_at, archived, more, text, _ in rows[:PAGE_SIZE]
        if message is not None
    )
    return SearchResults(messages=hits, total=rows[0][-1], complete=complete, has_next=len(rows) > PAGE_SIZE and page < MOST_PAGES)


def _candidates(actor: Actor, query: Query, filters: SearchFilters) -> tuple[list[UUID], bool]:
    """Messages that match, and whether these are all of them."""
    asked = _asked(actor, query, filters)
    parts = {"dates": _dates_sql(filters), "filters": _filters_sql(filters)}

    def ask(sql: str, **more: int) -> list[UUID]:
        return [row[0] for row in _rows(sql.format(**parts), asked | more)]

    found = ask(_LOOK, depth=FIRST_LOOK, most=FREQUENT_HITS)
    if len(found) >= FREQUENT:
        found = ask(_LOOK, depth=LONGEST_LOOK, most=FREQUENT_HITS) if len(found) < FREQUENT_HITS else found
        own = int(_rows(_OWN.format(**parts), asked | {"depth": LONGEST_LOOK + 1})[0][0])
        return found, len(found) < FREQUENT_HITS and own <= LONGEST_LOOK
    if int(_rows(_OWN.format(**parts), asked | {"depth": FIRST_LOOK + 1})[0][0]) <= FIRST_LOOK:
        return found, True
    found = ask(_BY_WORDS, most=RANKED)
    return found, len(found) < RANKED


def _asked(actor: Actor, query: Query, filters: SearchFilters) -> dict[str, Any]:
    return {
        "owner": actor.user_id,
        "workspace": actor.workspace_id,
        "query": query.tsquery(),
        "role": filters.role,
        "model": filters.model_key,
        "since": filters.since,
        "until": filters.until,
        "conversation": filters.conversation_id,
        "now": timezone.now(),
    }


def _dates_sql(filters: SearchFilters, column: str = "said_at") -> str:
    return (f" AND {column} >= %(since)s" if filters.since else "") + (f" AND {column} < %(until)s" if filters.until else "")


def _filters_sql(filters: SearchFilters) -> str:
    parts = []
    if filters.role:
        parts.append("role = %(role)s")
    if filters.model_key:
        parts.append("model_key = %(model)s")
    if filters.conversation_id:
        parts.append("conversation_id = %(conversation)s")
    elif filters.where in ("pinned", "archived"):
        parts.append(_AMONG.format(conversation=_conversation_sql(filters)))
    return "".join(f" AND {part}" for part in parts)


def _conversation_sql(filters: SearchFilters) -> str:
    states = {
        "pinned": " AND c.pinned_at IS NOT NULL AND c.archived_at IS NULL",
        "archived": " AND c.archived_at IS NOT NULL",
        "all": "",
    }
    return _CONVERSATION + ("" if filters.conversation_id else states.get(filters.where, " AND c.archived_at IS NULL"))


def _titles(actor: Actor, query: Query, filters: SearchFilters) -> tuple[TitleHit, ...]:
    """Conversations whose title has all the words, anywhere in it; else one that is spelled much like it."""
    wanted = [piece for alternatives in query.wanted for piece in alternatives[0].pieces]
    asked = _asked(actor, query, filters) | {"most": _TITLES, "typed": " ".join(wanted)}
    asked |= {f"w{at}": f"%{word}%" for at, word in enumerate(wanted)}
    parts = {"conversation": _conversation_sql(filters), "dates": _dates_sql(filters, "c.last_activity_at")}
    all_words = " AND ".join(f"c.title ILIKE %(w{at})s" for at in range(len(wanted)))
    rows = _rows(_TITLES_LIKE.format(titles=all_words, **parts), asked)
    if not rows and len(asked["typed"]) >= 4:
        rows = _rows(_TITLES_LIKE.format(titles="%(typed)s <%% c.title", **parts), asked)
    return tuple(TitleHit(row[0], marked(row[1], query), *row[2:]) for row in rows if row[1])


def _corrected(actor: Actor, query: Query) -> tuple[Query, str] | None:
    """The query with words that nothing has replaced by those of the person's own that are one typing error away."""
    wanted = list(query.wanted)
    words: list[str] = []
    for at, alternatives in enumerate(query.wanted):
        (word, *rest) = alternatives[0].words
        if (
            len(alternatives) > 1
            or rest
            or len(words) == _LACKING_WORDS
            or _candidates(actor, Query((alternatives,)), SearchFilters(where="all"))[0]
        ):
            continue
        asked = {"owner": actor.user_id, "workspace": actor.workspace_id, "words": neighbours(word), "typed": word}
        if found := [row[0] for row in _rows(_EXISTING, asked)]:
            wanted[at] = tuple(Phrase((other,)) for other in found)
            words.append(found[0])
    return (Query(tuple(wanted), query.unwanted), " ".join(words)) if words else None


def _rows(sql: str, asked: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, asked)
        return list(cursor.fetchall())
