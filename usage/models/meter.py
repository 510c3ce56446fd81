"""Plans, allowances, the counters of a period and the holds in it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.models import TimestampedModel, UUIDModel
from usage.models.columns import REFERENCE, choices, model_keys, usd
from usage.states import HoldState


class Plan(UUIDModel):
    """What an operator offers. Allowances copy it, so that a change of plan reaches a workspace when we mean it to."""

    code = models.SlugField(unique=True, max_length=40)
    name = models.CharField(max_length=80)
    tokens_per_month = models.PositiveBigIntegerField(null=True, blank=True, help_text="Empty: unlimited.")
    cost_per_month = models.DecimalField(
        "cost per month (USD)", max_digits=14, decimal_places=2, null=True, blank=True, help_text="At list prices. Empty: unlimited."
    )
    model_keys = model_keys(
        "Which models it includes, separated by commas: keys such as `openai:gpt-5`, or patterns such as `anthropic:*`. Empty: all."
    )
    requests_per_minute = models.PositiveIntegerField(null=True, blank=True, help_text="Messages in any 60 seconds. Empty: unlimited.")
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
    cost_per_period = usd(null=True, blank=True, help_text="USD. Empty: unlimited.")
    model_keys = model_keys("Which models, as keys or patterns. Empty: all.")
    requests_per_minute = models.PositiveIntegerField(null=True, blank=True, help_text="Empty: unlimited.")
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
    cost_limit = usd(null=True, help_text="USD. Empty: unlimited.")
    tokens_used = models.PositiveBigIntegerField(default=0)
    tokens_held = models.PositiveBigIntegerField(default=0)
    cost_used = usd(default=0)
    cost_held = usd(default=0)
    least_tokens = models.PositiveBigIntegerField(default=0, db_default=0, help_text="What the smallest call needs; 0 until a refusal.")
    least_cost = usd(default=0, db_default=0, help_text="The same in USD.")

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

    key = models.CharField(max_length=REFERENCE, unique=True)
    workspace = models.ForeignKey("accounts.Workspace", on_delete=models.PROTECT, related_name="+", db_index=False)
    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="holds", db_index=False)
    tokens = models.PositiveBigIntegerField()
    cost = usd()
    state = models.CharField(max_length=10, choices=choices(HoldState), default=HoldState.HELD.value)
    lease_expires_at = models.DateTimeField()
    source = models.CharField(max_length=REFERENCE)
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
