"""Sums of the ledger, kept so that a year is read from a few thousand rows. Written by `usage.services.roll_up` alone.

| table | one row for each | serves |
| --- | --- | --- |
| `Rollup` | workspace, span (quarter of an hour, hour or UTC day), provider, model, purpose, confidence | all else |
| `SubjectDay` | workspace, UTC day, subject (a conversation) | by conversation |
| `PersonDay` | workspace, UTC day, person | by person |

Every time zone in use today is a multiple of 15 minutes away from UTC, so the days of +05:45 are whole quarters too
(`usage.ladder`). No foreign keys to the workspace: it cannot be deleted while the ledger names it.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from usage.models.columns import REFERENCE, usd
from usage.types import Grain

_SUM_DIGITS = 36


class Sums(models.Model):
    """What the rows of the ledger add up to. An adjustment changes figures and is no call."""

    calls = models.BigIntegerField()
    fresh_input = models.BigIntegerField()
    cache_read = models.BigIntegerField()
    cache_write_5m = models.BigIntegerField()
    cache_write_1h = models.BigIntegerField()
    output = models.BigIntegerField()
    reasoning = models.BigIntegerField()
    tokens = models.BigIntegerField()
    cost = usd(_SUM_DIGITS)
    saved = usd(_SUM_DIGITS)  # how much more all input would have cost as fresh input; negative where writing a cache did not pay

    class Meta:
        abstract = True


class Rollup(Sums):
    """The calls of one kind in one span of time."""

    pk = models.CompositePrimaryKey("workspace_id", "grain", "starts_at", "provider", "model", "purpose", "confidence")
    workspace_id = models.UUIDField()
    grain = models.SmallIntegerField(help_text="Length of the span in minutes.")
    starts_at = models.DateTimeField()
    provider = models.CharField(max_length=40)
    model = models.CharField(max_length=REFERENCE)
    purpose = models.CharField(max_length=20)
    confidence = models.CharField(max_length=12)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(grain__in=[grain.value for grain in Grain]), name="rollup_grain_known")]
        indexes = [
            # Of all workspaces: what a provider's report is compared with.
            models.Index(fields=["provider", "starts_at"], condition=Q(grain=Grain.DAY.value), name="rollup_days_of_provider"),
        ]

    def __str__(self) -> str:
        return f"{self.provider}:{self.model} {self.starts_at:%Y-%m-%d %H:%M} +{self.grain} min"


class SubjectDay(Sums):
    """The calls that were made in one conversation on one UTC day."""

    pk = models.CompositePrimaryKey("workspace_id", "day", "subject")
    workspace_id = models.UUIDField()
    day = models.DateTimeField()
    subject = models.CharField(max_length=80)

    def __str__(self) -> str:
        return f"{self.subject} {self.day:%Y-%m-%d}"


class PersonDay(Sums):
    """The calls of one person on one UTC day. When a person is erased their rows become nobody's, like those of the ledger."""

    workspace_id = models.UUIDField()
    day = models.DateTimeField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_constraint=False)

    class Meta:
        # Nobody is not somebody: rows without a person never conflict, and reading adds them up.
        constraints = [models.UniqueConstraint(fields=["workspace_id", "day", "user"], name="person_day_once")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.day:%Y-%m-%d}"
