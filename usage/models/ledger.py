"""The ledger: one row for each call to a provider, written once."""

from __future__ import annotations

from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.models import UUIDModel
from usage.exceptions import AppendOnly
from usage.models.columns import REFERENCE, choices, price, usd
from usage.models.meter import Period
from usage.types import Confidence, Purpose

_COUNTS = ("fresh_input", "cache_read", "cache_write_5m", "cache_write_1h", "output", "reasoning", "tokens", "cost")
_NOTHING_NEGATIVE = Q(**{f"{name}__gte": 0 for name in _COUNTS})


class LedgerQuerySet(models.QuerySet["LedgerEntry"]):
    """Reads only. Django's own clearing of `user` when a person is erased goes past this, and the trigger lets it."""

    def update(self, **kwargs: Any) -> NoReturn:
        raise AppendOnly("Ledger entries cannot be changed.")

    def delete(self) -> NoReturn:
        raise AppendOnly("Ledger entries cannot be deleted.")


class LedgerEntry(UUIDModel):
    """One call to a provider: what it used, at which prices, what it cost. Written once, by `usage.services.settle`.

    An adjustment (purpose `adjustment`, written by `usage.services.reconcile`) says by how much earlier rows were
    off; its figures may be negative, and its cost is what it is. Of every other row the database checks that nothing is
    negative and that `tokens` and `cost` are the sums of their parts. It refuses every change but clearing `user`, and
    notes each new row as a `PendingEntry` (see the migrations).
    """

    key = models.CharField(max_length=REFERENCE, unique=True)
    workspace = models.ForeignKey("accounts.Workspace", on_delete=models.PROTECT, related_name="+", db_index=False)
    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="entries", db_index=False)
    # No constraint in the database: a person erased while an answer runs must not make its spend unwritable.
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_constraint=False)
    api_key_id = models.UUIDField(null=True)
    source = models.CharField(max_length=REFERENCE)
    subject = models.CharField(max_length=80, blank=True, default="", help_text="What the call was made in, such as conversation:<uuid>.")
    purpose = models.CharField(max_length=20, choices=choices(Purpose))
    provider = models.CharField(max_length=40)
    model = models.CharField(max_length=REFERENCE)
    fresh_input = models.BigIntegerField(default=0)
    cache_read = models.BigIntegerField(default=0)
    cache_write_5m = models.BigIntegerField("cache write, 5 minutes", default=0)
    cache_write_1h = models.BigIntegerField("cache write, 1 hour", default=0)
    output = models.BigIntegerField(default=0)
    reasoning = models.BigIntegerField(default=0, help_text="A part of the output.")
    tokens = models.BigIntegerField(help_text="All input and all output.")
    # Of an adjustment 0; where it takes an estimate back -1, and +1 where the report's figures take its place.
    calls = models.SmallIntegerField(default=1, db_default=1)
    price_input = price("price of fresh input")
    price_cache_read = price("price of cache reads")
    price_cache_write_5m = price("price of cache writes, 5 minutes")
    price_cache_write_1h = price("price of cache writes, 1 hour")
    price_output = price("price of output")
    cost = usd()
    confidence = models.CharField(max_length=12, choices=choices(Confidence))
    raw_usage = models.JSONField(default=dict)
    provider_call_id = models.CharField(
        max_length=REFERENCE, blank=True, default="", db_default="", help_text="What the provider calls it."
    )
    adjusts = models.UUIDField(null=True, editable=False, help_text="The entry that an adjustment corrects, if it is one.")
    called_at = models.DateTimeField()
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = LedgerQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = "ledger entry"
        verbose_name_plural = "ledger entries"
        constraints = [
            models.CheckConstraint(condition=Q(confidence__in=[value.value for value in Confidence]), name="ledger_confidence_known"),
            models.CheckConstraint(condition=Q(purpose=Purpose.ADJUSTMENT.value) | _NOTHING_NEGATIVE, name="ledger_not_negative"),
        ]
        indexes = [
            models.Index(fields=["workspace", "source"], name="ledger_by_source"),  # the figures under each answer
            models.Index(fields=["period", "id"], name="ledger_by_period"),  # the counters of one period, from the start
            models.Index(fields=["workspace", "called_at", "id"], name="ledger_by_time"),  # exports, the ends of a range, rebuilding
            # Reconciliation: calls that a report names, what was adjusted before, and the few rows that are estimates.
            models.Index(fields=["provider", "provider_call_id"], condition=~Q(provider_call_id=""), name="ledger_by_provider_call"),
            models.Index(fields=["adjusts"], condition=Q(adjusts__isnull=False), name="ledger_by_adjusted"),
            models.Index(
                fields=["provider", "called_at"],
                condition=Q(confidence=Confidence.ESTIMATED.value) & ~Q(purpose=Purpose.ADJUSTMENT.value),
                name="ledger_estimates",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provider}:{self.model} {self.called_at:%Y-%m-%d %H:%M}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert. Raises `AppendOnly` for an entry that is in the ledger."""
        if not self._state.adding:
            raise AppendOnly("Ledger entries cannot be changed.")
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnly("Ledger entries cannot be deleted.")


class PendingEntry(models.Model):
    """A ledger entry that is in no rollup yet. The database adds one with each new entry; `roll_up` takes it away.

    Rollups and pending entries together are the ledger, at every moment: both change in one transaction.
    """

    entry_id = models.UUIDField(primary_key=True)
    workspace_id = models.UUIDField(db_index=True)

    class Meta:
        verbose_name_plural = "pending entries"

    def __str__(self) -> str:
        return str(self.entry_id)
