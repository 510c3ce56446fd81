"""The catalogue for operators: what is offered, under which name, at what price."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest

from providers.config import read_endpoint
from providers.models import HIGHEST_PRICE, AIModel, ModelPrice, PriceSource
from providers.selectors.catalogue import forget_catalogue
from providers.services.set_price import set_price
from providers.types import Provider

_STEP = ["input", "output", "cache_read", "cache_write_5m", "cache_write_1h"]
_LONG = ["long_context_above", "long_input", "long_output", "long_cache_read", "long_cache_write_5m", "long_cache_write_1h"]


class NewPriceForm(forms.ModelForm):  # type: ignore[type-arg]
    """A price to come. It closes the one that runs, at the moment it begins."""

    class Meta:
        model = ModelPrice
        fields = ["effective_from", *_STEP, *_LONG]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        filled = [name for name in _LONG if given.get(name) is not None]
        if filled and len(filled) < len(_LONG):
            raise ValidationError("Fill in all long-context fields, or none of them.")
        for name in [*_STEP, *_LONG[1:]]:
            if given.get(name) is not None and given[name] > HIGHEST_PRICE:
                self.add_error(name, f"USD per million tokens; more than {HIGHEST_PRICE:,} is taken for a slip.")
        begins, model = given.get("effective_from"), self.instance.model_id
        running = ModelPrice.objects.filter(model_id=model, effective_to__isnull=True).first() if model else None
        if begins and running and begins < running.effective_from:
            raise ValidationError({"effective_from": f"The running price began on {running.effective_from:%Y-%m-%d %H:%M}."})
        return given


class ModelForm(forms.ModelForm):  # type: ignore[type-arg]
    """A model is offered only at a price that is known, or as free."""

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        free = given.get("free", self.instance.free)
        if given.get("enabled") and not free and not ModelPrice.objects.filter(model_id=self.instance.pk).exists():
            raise ValidationError("Nothing says what this model costs. Save it with a price first, or mark it as free; then enable it.")
        return given


class PricesOfModel(admin.StackedInline):  # type: ignore[type-arg]
    model = ModelPrice
    form = NewPriceForm
    extra = 0
    ordering = ["-effective_from"]
    verbose_name = "price (USD per million tokens)"
    verbose_name_plural = "prices: a new one closes the one that runs, a saved one is history"
    fields = [("effective_from", "effective_to", "source"), ("input", "output"), ("cache_read", "cache_write_5m", "cache_write_1h"), *_LONG]
    readonly_fields = ["effective_to", "source"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(AIModel)
class AIModelAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    form = ModelForm
    inlines = [PricesOfModel]
    list_display = ["name", "provider", "model_id", "enabled", "has_key", "price", "context_window", "max_output", "retires_on", "sort"]
    list_editable = ["enabled", "sort"]
    list_filter = ["enabled", "provider", "free"]
    search_fields = ["name", "model_id"]
    search_help_text = "Name or model id"
    list_per_page = 100
    readonly_fields = ["id", "created_at"]
    fieldsets = [
        (None, {"fields": ["name", "note", "enabled", "sort"]}),
        ("At the provider", {"fields": ["provider", "model_id", "context_window", "max_output", "abilities", "retires_on", "free"]}),
        ("Record", {"fields": ["id", "created_at"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[AIModel]:
        running = ModelPrice.objects.filter(effective_to__isnull=True)
        found: QuerySet[AIModel] = super().get_queryset(request).prefetch_related(Prefetch("prices", running, to_attr="open_prices"))
        return found

    @admin.display(boolean=True, description="has a key")
    def has_key(self, row: AIModel) -> bool:
        return read_endpoint(Provider(row.provider)) is not None

    @admin.display(description="in / out, USD per million")
    def price(self, row: Any) -> str:
        running = row.open_prices[0] if row.open_prices else None
        return f"{running.input.normalize():f} / {running.output.normalize():f}" if running else "none: not offered"

    def get_changelist_form(self, request: HttpRequest, **kwargs: Any) -> Any:
        return super().get_changelist_form(request, form=ModelForm, **kwargs)

    def save_model(self, request: HttpRequest, obj: AIModel, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        forget_catalogue()

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        for price in formset.save(commit=False):
            set_price(price.model_id, price.as_prices(), effective_from=price.effective_from, source=PriceSource.OPERATOR)
        formset.save_m2m()

    def has_delete_permission(self, request: HttpRequest, obj: AIModel | None = None) -> bool:
        # Conversations and the ledger name it: switch it off instead.
        return False


@admin.register(ModelPrice)
class ModelPriceAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """The history of all prices, to read."""

    list_display = ["model", "effective_from", "effective_to", *_STEP, "long_context_above", "source"]
    list_filter = ["source", "model__provider"]
    search_fields = ["model__name", "model__model_id"]
    date_hierarchy = "effective_from"
    list_select_related = ["model"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
