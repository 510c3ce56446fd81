"""The meter for operators. Figures are for looking at: what writes them are the services."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from usage.models import Allowance, Hold, LedgerEntry, LimitWarning, Period, Plan
from usage.services import roll_out_plan

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin
else:

    class ModelAdmin(admin.ModelAdmin):
        """Subscriptable, as the type checker's stubs have it."""

        def __class_getitem__(cls, _: Any) -> type[admin.ModelAdmin]:
            return cls


class ReadOnlyAdmin(ModelAdmin[Model]):
    """Rows to search and to look at."""

    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(Plan)
class PlanAdmin(ModelAdmin[Plan]):
    list_display = ["name", "code", "tokens_per_month", "cost_per_month", "requests_per_minute", "model_keys", "price_text", "public"]
    list_filter = ["public"]
    search_fields = ["name", "code"]
    actions = ["roll_out"]

    @admin.action(description="Give these limits to every workspace on the plan, now", permissions=["change"])
    def roll_out(self, request: HttpRequest, queryset: QuerySet[Plan]) -> None:
        for plan in queryset:
            changed = roll_out_plan(plan.code)
            self.message_user(request, f"{plan.name}: the limits hold from now on ({changed} allowances).", messages.SUCCESS)

    def get_readonly_fields(self, request: HttpRequest, obj: Plan | None = None) -> list[str]:
        return ["code"] if obj is not None else []


@admin.register(Allowance)
class AllowanceAdmin(ReadOnlyAdmin):
    """Set by billing or by `set_plan`; a hand-made edit would leave the running period behind."""

    list_display = ["workspace", "plan_name", "tokens_per_period", "cost_per_period", "requests_per_minute", "model_keys", "updated_at"]
    list_filter = ["plan_code"]
    list_select_related = ["workspace"]
    search_fields = ["workspace__name", "workspace__personal_of__email", "=workspace__id"]


@admin.register(Period)
class PeriodAdmin(ReadOnlyAdmin):
    list_display = ["workspace", "starts_at", "tokens_used", "tokens_held", "tokens_limit", "cost_used", "cost_held", "cost_limit"]
    list_select_related = ["workspace"]
    search_fields = ["workspace__name", "workspace__personal_of__email", "=workspace__id"]
    date_hierarchy = "starts_at"


@admin.register(LimitWarning)
class LimitWarningAdmin(ReadOnlyAdmin):
    list_display = ["created_at", "workspace", "level", "mail", "tries", "dismissed_at"]
    list_filter = ["level", "mail", "created_at"]
    list_select_related = ["period__workspace"]
    search_fields = ["period__workspace__name", "period__workspace__personal_of__email", "=period__workspace__id"]

    @admin.display(description="workspace")
    def workspace(self, row: LimitWarning) -> str:
        return str(row.period.workspace)


@admin.register(Hold)
class HoldAdmin(ReadOnlyAdmin):
    list_display = ["key", "workspace", "state", "tokens", "cost", "lease_expires_at", "source", "created_at", "closed_at"]
    list_filter = ["state", "created_at"]
    list_select_related = ["workspace", "period"]
    search_fields = ["=key", "=source", "workspace__name", "=workspace__id"]


@admin.register(LedgerEntry)
class LedgerEntryAdmin(ReadOnlyAdmin):
    list_display = ["called_at", "workspace", "user", "provider", "model", "purpose", "tokens", "cost", "confidence", "source"]
    list_filter = ["purpose", "confidence", "called_at"]
    list_select_related = ["workspace", "user", "period"]
    search_fields = ["=key", "=source", "=provider", "=model", "workspace__name", "user__email", "=workspace__id"]
