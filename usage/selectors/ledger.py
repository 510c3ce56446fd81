"""Reading the ledger."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Aggregate, Count, Q, QuerySet, Sum

from usage.models import LedgerEntry
from usage.types import Confidence, EntryFigures, Purpose, TokenBuckets

_BUCKETS = ("fresh_input", "cache_read", "cache_write_5m", "cache_write_1h", "output", "reasoning")
_LATEST = 20


def for_sources(workspace_id: UUID, sources: Iterable[str]) -> dict[str, EntryFigures]:
    """What each source used, over all calls that were made for it; a source without any is not in the answer. One query."""
    rows = _totals(
        LedgerEntry.objects.filter(workspace_id=workspace_id, source__in=list(sources)),
        by=("source",),
        counted=Sum("calls"),
        estimated=Sum("calls", filter=Q(confidence=Confidence.ESTIMATED.value), default=0),
        adjusted=Count("id", filter=Q(purpose=Purpose.ADJUSTMENT.value)),
    )
    return {
        row["source"]: EntryFigures(_buckets(row), row["sum_tokens"], row["sum_cost"], _least_sure(row), row["counted"]) for row in rows
    }


def usual_output(workspace_id: UUID) -> int | None:
    """How many tokens its latest answers had, on average; None without any. One query along `ledger_by_time`."""
    latest = LedgerEntry.objects.filter(workspace_id=workspace_id, purpose=Purpose.CHAT.value).order_by("-called_at", "-id")
    lengths = list(latest.values_list("output", flat=True)[:_LATEST])
    return sum(lengths) // len(lengths) if lengths else None


def _totals(entries: QuerySet[LedgerEntry], *, by: tuple[str, ...], **figures: Aggregate) -> list[dict[str, Any]]:
    """Rows grouped by these columns, with the sum of every bucket as `sum_<name>`. One query."""
    sums = {f"sum_{name}": Sum(name) for name in (*_BUCKETS, "tokens", "cost")}
    return list(entries.order_by().values(*by).annotate(**sums, **figures))


def _figures(row: dict[str, Any]) -> EntryFigures:
    return EntryFigures(_buckets(row), row["sum_tokens"], row["sum_cost"], _least_sure(row), row["counted"])


def _buckets(row: dict[str, Any]) -> TokenBuckets:
    return TokenBuckets(**{name: int(row[f"sum_{name}"]) for name in _BUCKETS})


def _least_sure(row: dict[str, Any]) -> Confidence:
    if row["estimated"]:
        return Confidence.ESTIMATED
    return Confidence.RECONCILED if row["adjusted"] else Confidence.REPORTED
