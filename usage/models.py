"""What a workspace may use, what it has set aside, and what it has spent.

A workspace that has holds or spend cannot be deleted (PROTECT, and a foreign key in the database): erasing a person
empties the workspace's name and owner, and its figures stay as a pseudonymous record.
"""

from __future__ import annotations

from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.models import TimestampedModel, UUIDModel
from usage.exceptions import AppendOnly
from usage.pricing import COST_DECIMALS, PRICE_DECIMALS
from usage.states import HoldState
from usage.types import Confidence, Purpose

_REFERENCE = 255  # length of keys and soft references


def _usd(**options: Any) -> models.DecimalField[Any, Any]:
    """An exact amount of money: prices have 6 decimals for a million tokens, so a cost has 12."""
    return models.DecimalField(max_digits=24, decimal_places=COST_DECIMALS, **options)


def _price(label: str) -> models.DecimalField[Any, Any]:
    return models.DecimalField(label, max_digits=14, decimal_places=PRICE_DECIMALS, default=0)


def _choices(states: type[HoldState] | type[Purpose] | type[Confidence]) -> list[tuple[str, str]]:
    return [(state.value, state.value.capitalize()) for state in states]


class Plan(UUIDModel):
    """What an operator offers. Allowances copy it, so that a change of plan reaches a workspace when we mean it to."""

    code = models.SlugField(unique=True, max_length=40)
    name = models.CharField(max_length=80)
    tokens_per_month = models.PositiveBigIntegerField(null=True, blank=True, help_text="Empty: unlimited.")
    cost_per_month = models.DecimalField(
        "cost per month (USD)", max_digits=14, decimal_places=2, null=True, blank=True, help_text="At list prices. Empty: unlimited."
    )
    price_usd = models.DecimalField(
        "price (USD a month)", max_digits=10, decimal_places=2, null=True, blank=True, help_text="Empty: on request."
    )
    price_text = models.CharField(max_length=80, blank=True, help_text="The price as people read it.")
    sort = models.PositiveSmallIntegerField(default=0)
    public = models.BooleanField(default=True, help_text="Shown to everyone on the plan page.")

    class Meta:
        ordering = ["sort", "code"]
        constraints = [
            models.CheckConstraint(condition=Q(cost_per_month__gte=0), name="plan_cost_not_negative"),
            models.CheckConstraint(condition=Q(price_usd__gte=0), name="plan_price_not_negative"),
        ]

    def __str__(self) -> str:
        return self.name


class Allowance(models.Model):
    """What a workspace may use in every period. A workspace without one counts as plan `free`."""

    workspace = models.OneToOneField("accounts.Workspace", primary_key=True, on_delete=models.CASCADE, related_name="allowance")
    plan_code = models.CharField(max_length=40)
    plan_name = models.CharField(max_length=80)
    tokens_per_period = models.PositiveBigIntegerField(null=True, blank=True, help_text="Empty: unlimited.")
    cost_per_period = _usd(null=True, blank=True, help_text="USD. Empty: unlimited.")
    version = models.BigIntegerField(help_text="An older version never undoes a newer one.")
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["workspace_id"]
        constraints = [models.CheckConstraint(condition=Q(cost_per_period__gte=0), name="allowance_cost_not_negative")]

    def __str__(self) -> str:
        return f"{self.plan_name} for {self.workspace_id}"


class Period(UUIDModel):
    """The counters of one workspace for one span of time; made by the first hold or call in it.

    Every change of a hold or of the ledger changes these counters in the same transaction, under the row's lock.
    """

    workspace = models.ForeignKey("accounts.Workspace", on_delete=models.PROTECT, related_name="+", db_index=False)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    tokens_limit = models.PositiveBigIntegerField(null=True, help_text="Empty: unlimited.")
    cost_limit = _usd(null=True, help_text="USD. Empty: unlimited.")
    tokens_used = models.PositiveBigIntegerField(default=0)
    tokens_held = models.PositiveBigIntegerField(default=0)
    cost_used = _usd(default=0)
    cost_held = _usd(default=0)

    class Meta:
        ordering = ["-starts_at", "workspace_id"]
        constraints = [
            models.UniqueConstraint(fields=["workspace", "starts_at"], name="period_once"),
            models.CheckConstraint(condition=Q(ends_at__gt=models.F("starts_at")), name="period_ends_after_start"),
            models.CheckConstraint(
                condition=Q(tokens_used__gte=0, tokens_held__gte=0, cost_used__gte=0, cost_held__gte=0), name="period_counters_not_negative"
            ),
            models.CheckConstraint(condition=Q(cost_limit__gte=0), name="period_limit_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.workspace_id} from {self.starts_at:%Y-%m-%d}"


class Hold(TimestampedModel):
    """A worst case, set aside until its call is settled. `usage.states.MOVES` says how it may move."""

    key = models.CharField(max_length=_REFERENCE, unique=True)
    workspace = models.ForeignKey("accounts.Workspace", on_delete=models.PROTECT, related_name="+", db_index=False)
    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="holds", db_index=False)
    tokens = models.PositiveBigIntegerField()
    cost = _usd()
    state = models.CharField(max_length=10, choices=_choices(HoldState), default=HoldState.HELD.value)
    lease_expires_at = models.DateTimeField()
    source = models.CharField(max_length=_REFERENCE)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=[state.value for state in HoldState]), name="hold_state_known"),
            models.CheckConstraint(condition=Q(tokens__gte=0, cost__gte=0), name="hold_not_negative"),
        ]
        indexes = [
            # The janitor's question; also the few live holds that an audit adds up.
            models.Index(fields=["lease_expires_at"], condition=Q(state=HoldState.HELD.value), name="hold_live_leases"),
        ]

    def __str__(self) -> str:
        return f"{self.key} ({self.state})"


class LedgerQuerySet(models.QuerySet["LedgerEntry"]):
    """Reads only. Django's own clearing of `user` when a person is erased goes past this, and the trigger lets it."""

    def update(self, **kwargs: Any) -> NoReturn:
        raise AppendOnly("Ledger entries cannot be changed.")

    def delete(self) -> NoReturn:
        raise AppendOnly("Ledger entries cannot be deleted.")


class LedgerEntry(UUIDModel):
    """One call to a provider: what it used, at which prices, what it cost. Written once, by `usage.services.settle`.

    The database checks that `tokens` and `cost` are the sums of their parts, and refuses every change but clearing
    `user` (see the migration).
    """

    key = models.CharField(max_length=_REFERENCE, unique=True)
    workspace = models.ForeignKey("accounts.Workspace", on_delete=models.PROTECT, related_name="+", db_index=False)
    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="entries", db_index=False)
    # No constraint in the database: a person erased while an answer runs must not make its spend unwritable.
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_constraint=False)
    api_key_id = models.UUIDField(null=True)
    source = models.CharField(max_length=_REFERENCE)
    purpose = models.CharField(max_length=20, choices=_choices(Purpose))
    provider = models.CharField(max_length=40)
    model = models.CharField(max_length=_REFERENCE)
    fresh_input = models.PositiveBigIntegerField(default=0)
    cache_read = models.PositiveBigIntegerField(default=0)
    cache_write_5m = models.PositiveBigIntegerField("cache write, 5 minutes", default=0)
    cache_write_1h = models.PositiveBigIntegerField("cache write, 1 hour", default=0)
    output = models.PositiveBigIntegerField(default=0)
    reasoning = models.PositiveBigIntegerField(default=0, help_text="A part of the output.")
    tokens = models.PositiveBigIntegerField(help_text="All input and all output.")
    price_input = _price("price of fresh input")
    price_cache_read = _price("price of cache reads")
    price_cache_write_5m = _price("price of cache writes, 5 minutes")
    price_cache_write_1h = _price("price of cache writes, 1 hour")
    price_output = _price("price of output")
    cost = _usd()
    confidence = models.CharField(max_length=12, choices=_choices(Confidence))
    raw_usage = models.JSONField(default=dict)
    called_at = models.DateTimeField()
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = LedgerQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = "ledger entry"
        verbose_name_plural = "ledger entries"
        constraints = [
            models.CheckConstraint(condition=Q(confidence__in=[value.value for value in Confidence]), name="ledger_confidence_known"),
        ]
        indexes = [
            models.Index(fields=["workspace", "source"], name="ledger_by_source"),  # the figures under each answer
            models.Index(fields=["period", "id"], name="ledger_by_period"),  # the usage page, its export, the audit
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
