"""The catalogue for operators: what is offered, under which name, at what price."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from core.exceptions import DomainError
from providers.config import read_endpoint
from providers.models import HIGHEST_PRICE, AIModel, ModelPrice, PriceSource
from providers.selectors.catalogue import forget_catalogue
from providers.services.set_price import FOR_NOTHING, is_for_nothing, set_price
from providers.services.withdraw_price import withdraw_price
from providers.types import Provider

_STEP = ["input", "output", "cache_read", "cache_write_5m", "cache_write_1h"]
_CACHE = _STEP[2:]
_LONG = ["long_context_above", "long_input", "long_output", "long_cache_read", "long_cache_write_5m", "long_cache_write_1h"]
_WITHDRAW_IT = "To begin before it, take it back in the list of prices: choose it, “Withdraw prices that have not begun”."


class NewPriceForm(forms.ModelForm):  # type: ignore[type-arg]
    """A price to come. It closes the one that runs, at the moment it begins. What is not filled in never becomes "for nothing"."""

    class Meta:
        model = ModelPrice
        fields = ["effective_from", *_STEP, *_LONG]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in _STEP:
            self.initial[name] = None
        for name in _CACHE:
            self.fields[name].required = False
            self.fields[name].help_text = "Empty: as much as input."

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        for name in _CACHE:
            if given.get(name) is None and name not in self.errors:
                given[name] = given.get("input")
        self._refuse_what_is_no_price(given)
        begins, model = given.get("effective_from"), self.instance.model_id
        last = ModelPrice.objects.filter(model_id=model, effective_to__isnull=True).first() if model else None
        if begins and last and begins < last.effective_from:
            when = f"{last.effective_from:%Y-%m-%d %H:%M}"
            said = f"The running price began on {when}." if last.has_begun() else f"A price from {when} on is there already. {_WITHDRAW_IT}"
            raise ValidationError({"effective_from": said})
        return given

    def _refuse_what_is_no_price(self, given: dict[str, Any]) -> None:
        filled = [name for name in _LONG if given.get(name) is not None]
        if filled and len(filled) < len(_LONG):
            raise ValidationError("Fill in all long-context fields, or none of them.")
        for name in [*_STEP, *_LONG[1:]]:
            if given.get(name) is not None and given[name] > HIGHEST_PRICE:
                self.add_error(name, f"USD per million tokens; more than {HIGHEST_PRICE:,} is taken for a slip.")
        model = self.fields["model"].parent_instance  # type: ignore[attr-defined]  # as the page above has just said, not as it is stored
        for pair in (("input", "output"), ("long_input", "long_output")):
            if not model.free and all(given.get(name) == 0 for name in pair):
                self.add_error(pair[0], FOR_NOTHING)


class ModelForm(forms.ModelForm):  # type: ignore[type-arg]
    """A model is offered only at a price that is known, or as free."""

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        free = given.get("free", self.instance.free)
        if given.get("enabled") and not free and not _has_a_price(self.instance):
            raise ValidationError("Nothing says what this model costs. Save it with a price first, or mark it as free; then enable it.")
        return given


def _has_a_price(model: AIModel) -> bool:
    """One that runs or will, and none of these is for nothing."""
    prices = ModelPrice.objects.filter(Q(effective_to__isnull=True) | Q(effective_to__gt=timezone.now()), model_id=model.pk)
    return bool(prices) and not any(is_for_nothing(price.as_prices()) for price in prices)


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
        now = timezone.now()
        running = ModelPrice.objects.filter(Q(effective_to__isnull=True) | Q(effective_to__gt=now), effective_from__lte=now)
        found: QuerySet[AIModel] = super().get_queryset(request).prefetch_related(Prefetch("prices", running, to_attr="running_prices"))
        return found

    @admin.display(boolean=True, description="has a key")
    def has_key(self, row: AIModel) -> bool:
        return read_endpoint(Provider(row.provider)) is not None

    @admin.display(description="in / out, USD per million")
    def price(self, row: Any) -> str:
        running = row.running_prices[0] if row.running_prices else None
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
    """The history of all prices, to read. What has not begun may be withdrawn."""

    actions = ["withdraw"]

    list_display = ["model", "effective_from", "effective_to", *_STEP, "long_context_above", "source"]
    list_filter = ["source", "model__provider"]
    search_fields = ["model__name", "model__model_id"]
    date_hierarchy = "effective_from"
    list_select_related = ["model"]

    @admin.action(description="Withdraw prices that have not begun", permissions=["withdraw"])
    def withdraw(self, request: HttpRequest, queryset: QuerySet[ModelPrice]) -> None:
        for price in queryset.select_related("model"):
            words = f"{price.model}, {price}"
            try:
                withdraw_price(price.pk)
            except DomainError as error:
                self.message_user(request, f"{words}: {error.message}", messages.ERROR)
            else:
                self.message_user(request, f"{words}: withdrawn.")

    def has_withdraw_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("providers.delete_modelprice"))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
