"""Reading the ledger."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Aggregate, Count, Max, Q, QuerySet, Sum

from accounts.types import Actor
from usage.models import LedgerEntry
from usage.periods import Span
from usage.types import Confidence, EntryFigures, ModelTotals, Purpose, TokenBuckets

_BUCKETS = ("fresh_input", "cache_read", "cache_write_5m", "cache_write_1h", "output", "reasoning")
PAGE = 2000


def for_sources(workspace_id: UUID, sources: Iterable[str]) -> dict[str, EntryFigures]:
    """What each source used, over all calls that were made for it; a source without any is not in the answer. One query."""
    rows = _totals(
        LedgerEntry.objects.filter(workspace_id=workspace_id, source__in=list(sources)),
        by=("source",),
        calls=Count("id"),
        estimated=Count("id", filter=Q(confidence=Confidence.ESTIMATED.value)),
        reported=Count("id", filter=Q(confidence=Confidence.REPORTED.value)),
    )
    return {row["source"]: EntryFigures(_buckets(row), row["sum_tokens"], row["sum_cost"], _least_sure(row), row["calls"]) for row in rows}


def totals_by_model(actor: Actor, span: Span) -> list[ModelTotals]:
    """What the actor's workspace used in the period that starts with `span`, by model, the dearest first. One query."""
    answers = Count("id", filter=Q(purpose=Purpose.CHAT.value))
    rows = _totals(_in_period(actor, span), by=("provider", "model"), answers=answers, last=Max("called_at"))
    models = [
        ModelTotals(row["provider"], row["model"], row["answers"], _buckets(row), row["sum_tokens"], row["sum_cost"], row["last"])
        for row in rows
    ]
    return sorted(models, key=lambda row: (-row.cost, -row.tokens, row.provider, row.model))


def page_after(actor: Actor, span: Span, after: UUID | None) -> list[LedgerEntry]:
    """The next entries of the period, oldest first, after the one with this id (None: from the start); any page is as fast."""
    entries = _in_period(actor, span).defer("raw_usage").order_by("id")
    if after is not None:
        entries = entries.filter(id__gt=after)
    return list(entries[:PAGE])


def _in_period(actor: Actor, span: Span) -> QuerySet[LedgerEntry]:
    return LedgerEntry.objects.filter(period__workspace_id=actor.workspace_id, period__starts_at=span.starts_at)


def _totals(entries: QuerySet[LedgerEntry], *, by: tuple[str, ...], **figures: Aggregate) -> list[dict[str, Any]]:
    """Rows grouped by these columns, with the sum of every bucket as `sum_<name>`. One query."""
    sums = {f"sum_{name}": Sum(name) for name in (*_BUCKETS, "tokens", "cost")}
    return list(entries.order_by().values(*by).annotate(**sums, **figures))


def _buckets(row: dict[str, Any]) -> TokenBuckets:
    return TokenBuckets(**{name: int(row[f"sum_{name}"]) for name in _BUCKETS})


def _least_sure(row: dict[str, Any]) -> Confidence:
    if row["estimated"]:
        return Confidence.ESTIMATED
    return Confidence.REPORTED if row["reported"] == row["calls"] else Confidence.RECONCILED
