"""A provider call as a row of the ledger."""

from __future__ import annotations

import functools
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson

from core.ids import uuid7
from usage import pricing
from usage.models import LedgerEntry
from usage.models.columns import REFERENCE
from usage.types import Call

_UNREADABLE = '{"unreadable": true}'


def entry_values(call: Call, cost: Decimal, period_id: UUID, now: datetime) -> dict[str, Any]:
    """The columns of a ledger row, by name. The prices are those that applied, after any long-context step."""
    rates = pricing.effective_prices(call.prices, call.buckets.input_total)
    buckets = call.buckets
    return {
        "id": uuid7(),
        "key": call.key,
        "workspace_id": call.workspace_id,
        "period_id": period_id,
        "user_id": call.user_id,
        "api_key_id": call.api_key_id,
        "source": call.source,
        "subject": call.subject,
        "purpose": call.purpose.value,
        "provider": call.provider,
        "model": call.model,
        "fresh_input": buckets.fresh_input,
        "cache_read": buckets.cache_read,
        "cache_write_5m": buckets.cache_write_5m,
        "cache_write_1h": buckets.cache_write_1h,
        "output": buckets.output,
        "reasoning": buckets.reasoning,
        "tokens": buckets.total,
        "calls": 1,
        "price_input": rates.input,
        "price_cache_read": rates.cache_read,
        "price_cache_write_5m": rates.cache_write_5m,
        "price_cache_write_1h": rates.cache_write_1h,
        "price_output": rates.output,
        "cost": cost,
        "confidence": call.confidence.value,
        "raw_usage": storable_json(call.raw_usage),
        "provider_call_id": call.provider_call_id.replace("\x00", "")[:REFERENCE],
        "adjusts": None,
        "called_at": call.called_at or now,
        "created_at": now,
    }


def storable_json(raw: dict[str, Any]) -> str:
    """What the provider sent, as text that a `jsonb` column takes. What it cannot hold never stands in the way of the spend."""
    try:
        text = orjson.dumps(raw, default=str, option=orjson.OPT_NON_STR_KEYS).decode()
    except TypeError:  # a whole number beyond 64 bits, a circle, half a surrogate pair
        return _UNREADABLE
    return _UNREADABLE if "\\u0000" in text else text


@functools.cache
def insert_statement() -> str:
    """Writes the row of `entry_values`, or nothing when its key is in the ledger.

    A person who was erased in the meantime is nobody: the spend counts without them.
    """
    columns = [str(field.column) for field in LedgerEntry._meta.concrete_fields]
    values = ["(SELECT id FROM accounts_user WHERE id = %(user_id)s)" if name == "user_id" else f"%({name})s" for name in columns]
    return _INSERT.format(columns=", ".join(columns), values=", ".join(values))


_INSERT = "INSERT INTO usage_ledgerentry ({columns}) VALUES ({values}) ON CONFLICT (key) DO NOTHING"
