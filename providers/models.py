"""The catalogue: which models there are, and what they cost from when to when."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from core.exceptions import Conflict
from core.models import TimestampedModel
from providers.types import Prices, Provider

_BUCKETS = ("input", "output", "cache_read", "cache_write_5m", "cache_write_1h")
_PROVIDER_LABELS = [
    (Provider.ANTHROPIC.value, "Anthropic"),
    (Provider.OPENAI.value, "OpenAI"),
    (Provider.GEMINI.value, "Google Gemini"),
    (Provider.OPENAI_COMPATIBLE.value, "OpenAI-compatible server"),
    (Provider.LOCAL.value, "Local model"),
    (Provider.SCRIPTED.value, "Scripted demo"),
]
HIGHEST_PRICE = 10_000  # more than any price list has; a slip of the point is refused
# USD per million tokens, exact to a millionth of a dollar.
_USD: dict[str, Any] = {"max_digits": 14, "decimal_places": 6, "validators": [MinValueValidator(Decimal(0))]}
_LONG_BUCKETS = tuple(f"long_{bucket}" for bucket in _BUCKETS)


class AIModel(TimestampedModel):
    """A model that a provider offers. It is shown to people when `enabled` and when its provider is configured."""

    provider = models.CharField(max_length=24, choices=_PROVIDER_LABELS)
    model_id = models.CharField("model id", max_length=120, help_text="The provider's own id, sent as it is.")
    name = models.CharField(max_length=120, help_text="What people see.")
    context_window = models.PositiveIntegerField(help_text="Tokens of input and output the model can hold.")
    max_output = models.PositiveIntegerField(help_text="Most tokens of one answer, reasoning included.")
    abilities = ArrayField(models.CharField(max_length=24), default=list, blank=True)
    enabled = models.BooleanField(default=False, help_text="Offered to people when the provider has a key.")
    sort = models.PositiveSmallIntegerField(default=500, help_text="Smaller comes first; the first one is the default model.")
    note = models.CharField(max_length=160, blank=True, help_text="Shown with the name.")
    retires_on = models.DateField(null=True, blank=True, help_text="Day from which the provider stops serving it.")
    free = models.BooleanField(default=False, help_text="Costs nothing, or its price is unknown to us: counted as zero.")
    shipped = models.JSONField(default=dict, editable=False, help_text="Values this product shipped last; tells edits from defaults.")

    class Meta:
        verbose_name = "model"
        ordering = ["sort", "provider", "model_id"]
        constraints = [models.UniqueConstraint(fields=["provider", "model_id"], name="model_once_per_provider")]

    def __str__(self) -> str:
        return self.name

    @property
    def key(self) -> str:
        return f"{self.provider}:{self.model_id}"


class PriceSource(models.TextChoices):
    SHIPPED = "shipped", "Shipped with this product"
    OPERATOR = "operator", "Set by an operator"


class ModelPrice(TimestampedModel):
    """What a model costs from `effective_from` to `effective_to`. Never edited: closed and replaced (`services.set_price`)."""

    model = models.ForeignKey(AIModel, on_delete=models.CASCADE, related_name="prices")
    effective_from = models.DateTimeField(default=timezone.now)
    effective_to = models.DateTimeField(null=True, blank=True, help_text="Empty: holds until it is replaced.")
    input = models.DecimalField(**_USD, default=Decimal(0))
    output = models.DecimalField(**_USD, default=Decimal(0))
    cache_read = models.DecimalField(**_USD, default=Decimal(0))
    cache_write_5m = models.DecimalField(**_USD, default=Decimal(0))
    cache_write_1h = models.DecimalField(**_USD, default=Decimal(0))
    long_context_above = models.PositiveIntegerField(null=True, blank=True, help_text="Input tokens above which the long prices hold.")
    long_input = models.DecimalField(**_USD, null=True, blank=True)
    long_output = models.DecimalField(**_USD, null=True, blank=True)
    long_cache_read = models.DecimalField(**_USD, null=True, blank=True)
    long_cache_write_5m = models.DecimalField(**_USD, null=True, blank=True)
    long_cache_write_1h = models.DecimalField(**_USD, null=True, blank=True)
    source = models.CharField(max_length=10, choices=PriceSource, default=PriceSource.OPERATOR, editable=False)

    class Meta:
        verbose_name = "price"
        ordering = ["model", "-effective_from"]
        constraints = [
            models.UniqueConstraint(fields=["model"], condition=Q(effective_to__isnull=True), name="one_open_price_per_model"),
            models.CheckConstraint(
                condition=Q(effective_to__isnull=True) | Q(effective_to__gte=F("effective_from")), name="price_ends_after_it_began"
            ),
            models.CheckConstraint(condition=Q(**{f"{bucket}__gte": 0 for bucket in _BUCKETS}), name="prices_not_negative"),
            models.CheckConstraint(
                condition=Q(**{f"{name}__isnull": True for name in ("long_context_above", *_LONG_BUCKETS)})
                # A comparison with NULL is not false, and a check refuses only what is false: hence both conditions.
                | Q(
                    long_context_above__isnull=False,
                    **{f"{name}__isnull": False for name in _LONG_BUCKETS},
                    **{f"{name}__gte": 0 for name in _LONG_BUCKETS},
                ),
                name="long_prices_whole_or_absent",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.input:f} in, {self.output:f} out (USD per million tokens)"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert, or say when it ends, while it has not ended. Any other change raises `Conflict`: ledger rows point at what held then."""
        if not self._state.adding:
            self._refuse_edits()
            kwargs["update_fields"] = ["effective_to"]
        super().save(*args, **kwargs)

    def _refuse_edits(self) -> None:
        stored = ModelPrice.objects.get(pk=self.pk)
        frozen = [f.attname for f in self._meta.concrete_fields if f.attname != "effective_to"]
        edited = [name for name in frozen if getattr(stored, name) != getattr(self, name)]
        over = stored.effective_to is not None and stored.effective_to <= timezone.now() and stored.effective_to != self.effective_to
        if edited or over:
            raise Conflict("A price is never edited: add a new one, which closes the old.", code="price_is_history")

    def as_prices(self) -> Prices:
        """The row as the frozen value that travels out of this app."""
        long_context = None
        if self.long_context_above is not None:
            long_context = Prices(**{bucket: getattr(self, f"long_{bucket}") for bucket in _BUCKETS})
        return Prices(
            **{bucket: getattr(self, bucket) for bucket in _BUCKETS},
            long_context_above=self.long_context_above,
            long_context=long_context,
        )

    def take(self, prices: Prices) -> None:
        """Fill the price columns from a value. For new rows."""
        for bucket in _BUCKETS:
            setattr(self, bucket, getattr(prices, bucket))
            setattr(self, f"long_{bucket}", getattr(prices.long_context, bucket) if prices.long_context else None)
        self.long_context_above = prices.long_context_above if prices.long_context else None

    def has_begun(self) -> bool:
        return self.effective_from <= timezone.now()

    def holds_at(self, moment: datetime) -> bool:
        return self.effective_from <= moment and (self.effective_to is None or moment < self.effective_to)
