"""The meter for operators. Figures are for looking at: what writes them are the services."""

from __future__ import annotations

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from usage.admin_bases import ModelAdmin, ReadOnlyAdmin
from usage.models import Allowance, Hold, LedgerAudit, LedgerEntry, LimitWarning, Period, Plan, PlatformEntry, ProviderReport
from usage.reports_admin import ProviderReportAdmin
from usage.services import roll_out_plan

admin.site.register(ProviderReport, ProviderReportAdmin)


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
    readonly_fields = ["adjusts", "created_at"]
    search_fields = [
        "=key",
        "=source",
        "=provider",
        "=model",
        "=provider_call_id",
        "=adjusts",
        "workspace__name",
        "user__email",
        "=workspace__id",
    ]


@admin.register(PlatformEntry)
class PlatformEntryAdmin(ReadOnlyAdmin):
    """What providers count beyond all calls of all workspaces. Nobody pays for it but the operator."""

    list_display = ["day", "provider", "model", "tokens", "cost", "report"]
    list_filter = ["provider", "day"]
    list_select_related = ["report"]
    search_fields = ["=model", "=report__id"]
    date_hierarchy = "day"


@admin.register(LedgerAudit)
class LedgerAuditAdmin(ReadOnlyAdmin):
    """What the nightly audits found; nothing is the only good answer."""

    list_display = ["started_at", "clean", "counters_off", "rollups_off", "seconds"]

    @admin.display(boolean=True)
    def clean(self, row: LedgerAudit) -> bool:
        return row.counters_off == row.rollups_off == 0
