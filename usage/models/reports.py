"""Reports of providers, what they said, and what nobody's calls explain."""

from __future__ import annotations

from typing import Any, NoReturn

from django.conf import settings
from django.db import models

from core.models import TimestampedModel, UUIDModel
from usage.exceptions import AppendOnly
from usage.models.columns import REFERENCE, choices, usd
from usage.reports.types import ReportSource


class ProviderReport(TimestampedModel):
    """A provider's own report of our usage that was imported: who, when, which file, and what became of it."""

    source = models.CharField("format", max_length=20, choices=choices(ReportSource))
    provider = models.CharField(max_length=40, help_text="Whose calls in the ledger it was compared with.")
    file_name = models.CharField(max_length=REFERENCE)
    file_size = models.BigIntegerField(help_text="Bytes.")
    digest = models.CharField("SHA-256", max_length=64)
    label = models.CharField(
        "only", max_length=REFERENCE, blank=True, default="", help_text="Key, project or workspace that it was limited to."
    )
    shared = models.BooleanField("shared out", default=False, help_text="Differences of days went to the workspaces, not to the platform.")
    # Empty: by command, or by somebody who was erased.
    imported_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    first_day = models.DateField(null=True)
    last_day = models.DateField(null=True)
    rows = models.BigIntegerField()
    confirmed = models.BigIntegerField(help_text="Calls, or days of a model, that agreed.")
    adjustments = models.BigIntegerField(help_text="Rows added to the ledger.")
    unmatched = models.BigIntegerField(help_text="Rows of the report that the ledger does not know.")
    tokens = models.BigIntegerField("tokens adjusted", help_text="In the ledger of workspaces.")
    cost = usd(36, verbose_name="cost adjusted", help_text="USD, in the ledger of workspaces.")
    platform_tokens = models.BigIntegerField(help_text="What the platform carries.")
    platform_cost = usd(36, help_text="USD that the platform carries.")
    notes = models.JSONField(default=list, help_text="What was not compared, and why.")

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["provider", "last_day"], name="report_by_day"),
            models.Index(fields=["digest"], name="report_by_digest"),
        ]

    def __str__(self) -> str:
        return f"{self.file_name} ({self.created_at:%Y-%m-%d %H:%M})"


class Buckets(models.Model):
    """Tokens as the ledger counts them; `fresh_input` may hold what a report does not tell apart."""

    fresh_input = models.BigIntegerField(default=0)
    cache_read = models.BigIntegerField(default=0)
    cache_write_5m = models.BigIntegerField(default=0)
    cache_write_1h = models.BigIntegerField(default=0)
    output = models.BigIntegerField(default=0)

    class Meta:
        abstract = True


class ReportedDay(Buckets, UUIDModel):
    """What a report said of one model on one UTC day. Later reports come beside it; the latest one holds."""

    report = models.ForeignKey(ProviderReport, on_delete=models.PROTECT, related_name="days", db_index=False)
    provider = models.CharField(max_length=40)
    day = models.DateField()
    model = models.CharField(max_length=REFERENCE)
    calls = models.BigIntegerField(null=True)
    tells_tokens = models.BooleanField()
    tells_buckets = models.JSONField(default=list)
    cost = usd(36, null=True, help_text="USD. Empty: the report tells no money.")

    class Meta:
        ordering = ["-day", "model"]
        constraints = [models.UniqueConstraint(fields=["report", "model", "day"], name="reported_day_once")]
        indexes = [models.Index(fields=["provider", "day", "model"], name="reported_by_day")]

    def __str__(self) -> str:
        return f"{self.provider}:{self.model} {self.day}"


class PlatformEntry(Buckets, UUIDModel):
    """What a provider counted on one day for one model beyond all calls of all workspaces, or less than them. Append-only.

    It belongs to whoever runs the place: no workspace pays for it. The ledger and these rows together are what the provider says.
    """

    key = models.CharField(max_length=REFERENCE, unique=True)
    report = models.ForeignKey(ProviderReport, on_delete=models.PROTECT, related_name="platform_entries")
    provider = models.CharField(max_length=40)
    day = models.DateField()
    model = models.CharField(max_length=REFERENCE)
    tokens = models.BigIntegerField()
    cost = usd(36)

    class Meta:
        ordering = ["-id"]
        verbose_name = "platform entry"
        verbose_name_plural = "platform entries"
        indexes = [models.Index(fields=["provider", "day", "model"], name="platform_by_day")]

    def __str__(self) -> str:
        return f"{self.provider}:{self.model} {self.day}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert. Raises `AppendOnly` for an entry that is there."""
        if not self._state.adding:
            raise AppendOnly("Platform entries cannot be changed.")
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnly("Platform entries cannot be deleted.")


class LedgerAudit(UUIDModel):
    """One run of the nightly audit and what it found."""

    started_at = models.DateTimeField()
    seconds = models.FloatField()
    counters_off = models.PositiveIntegerField()
    rollups_off = models.PositiveIntegerField()
    findings = models.JSONField(default=list, help_text="The first ones.")

    class Meta:
        ordering = ["-id"]
        verbose_name = "audit of the ledger"
        verbose_name_plural = "audits of the ledger"

    def __str__(self) -> str:
        return f"{self.started_at:%Y-%m-%d %H:%M}"
