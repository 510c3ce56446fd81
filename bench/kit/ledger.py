"""A ledger of any size, made in the database by SQL: varied calls spread evenly over a span, with a change of price in it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

_PLACES = ("fresh_input", "cache_read", "cache_write_5m", "cache_write_1h", "output")


def fill_ledger(
    workspace_id: UUID,
    rows: int,
    starts_at: datetime,
    ends_at: datetime,
    *,
    user_id: UUID | None = None,
    conversations: int = 1000,
    apart: int = 1,
) -> None:
    """Add so many rows to the workspace's ledger and count them in their months, as `record_calls` would.

    The same arguments give the same figures. Six models of three providers, a title for every tenth call, cached input,
    a few estimates; after the middle of the span every price is a third higher. A conversation is gone on with twenty times, while
    `apart` others begin between each two.
    """
    values = {
        "workspace": workspace_id,
        "user": user_id,
        "rows": rows,
        "from": starts_at,
        "to": ends_at,
        "middle": starts_at + (ends_at - starts_at) / 2,
        "conversations": conversations,
        "apart": apart,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_PERIODS, values)
        cursor.execute(_ROWS, values)
        cursor.execute(_COUNTERS, values)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE usage_ledgerentry")


# Months of UTC, whatever the session's time zone is.
_MONTH = "date_trunc('month', {moment}, 'UTC')"
_PERIODS = f"""
INSERT INTO usage_period (id, workspace_id, starts_at, ends_at, tokens_used, tokens_held, cost_used, cost_held)
SELECT gen_random_uuid(), %(workspace)s, month, date_add(month, interval '1 month', 'UTC'), 0, 0, 0, 0
FROM (
    SELECT date_add({_MONTH.format(moment="%(from)s::timestamptz")}, number * interval '1 month', 'UTC') AS month
    FROM generate_series(0, 600) number
) months WHERE month < %(to)s::timestamptz
ON CONFLICT (workspace_id, starts_at) DO NOTHING
"""
_ROWS = f"""
INSERT INTO usage_ledgerentry (
    id, key, workspace_id, period_id, user_id, source, subject, purpose, provider, model,
    fresh_input, cache_read, cache_write_5m, cache_write_1h, output, reasoning, tokens,
    price_input, price_cache_read, price_cache_write_5m, price_cache_write_1h, price_output, cost,
    confidence, raw_usage, called_at, created_at
)
SELECT uuidv7(), gen_random_uuid()::text, %(workspace)s, period.id, %(user)s, 'generation:' || gen_random_uuid(),
    'conversation:' || lpad(to_hex(conversation), 8, '0') || '-0000-4000-8000-000000000000',
    CASE WHEN number %% 10 = 0 THEN 'title' ELSE 'chat' END,
    (ARRAY['anthropic', 'openai', 'gemini'])[1 + kind %% 3],
    (ARRAY['claude-sonnet-5-5', 'gpt-6-luna', 'gemini-3.8-flash', 'claude-haiku-5', 'gpt-5.4-mini', 'gemini-4-argon'])[1 + kind],
    {", ".join(_PLACES)}, output / 3, {" + ".join(_PLACES)},
    price, price / 10, price * 1.25, price * 2, price * 5,
    (fresh_input * price + cache_read * price / 10 + cache_write_5m * price * 1.25 + cache_write_1h * price * 2 + output * price * 5)
        * 0.000001,
    CASE WHEN number %% 33 = 0 THEN 'estimated' ELSE 'reported' END, '{{}}', called_at, called_at
FROM (
    SELECT number, called_at, (number * 7919 %% 6)::int AS kind,
        greatest(0, number * %(conversations)s / %(rows)s - number %% 20 * %(apart)s)::int AS conversation,
        (number * 31 %% 4001)::bigint AS fresh_input, (number * 17 %% 3 * 1024)::bigint AS cache_read,
        (number * 13 %% 7 * 64)::bigint AS cache_write_5m,
        (number %% 11)::bigint AS cache_write_1h, (number * 37 %% 1201)::bigint AS output,
        ((1 + number * 7919 %% 6) * 0.75 * CASE WHEN called_at < %(middle)s THEN 1 ELSE 1.333333 END)::numeric(14, 4) AS price
    FROM (
        SELECT number, %(from)s::timestamptz + (%(to)s::timestamptz - %(from)s::timestamptz) * (number / %(rows)s::float) AS called_at
        FROM generate_series(0::bigint, %(rows)s::bigint - 1) number
    ) moments
) calls
JOIN usage_period period ON period.workspace_id = %(workspace)s AND period.starts_at = {_MONTH.format(moment="calls.called_at")}
"""
_COUNTERS = """
UPDATE usage_period SET tokens_used = total.tokens, cost_used = total.cost
FROM (
    SELECT period_id, sum(tokens) AS tokens, sum(cost) AS cost FROM usage_ledgerentry WHERE workspace_id = %(workspace)s GROUP BY 1
) total
WHERE usage_period.id = total.period_id
"""
