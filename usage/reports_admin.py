"""Reports of providers in the admin: upload, preview, confirm; what was imported; drift by model."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html_join

from core.exceptions import DomainError
from usage.admin_bases import ReadOnlyAdmin
from usage.models import ProviderReport
from usage.report_forms import MOST_BYTES, ConfirmForm, DriftForm, UploadForm
from usage.reports.plan import Plan, ReportFile
from usage.selectors.drift import drift_by_model
from usage.selectors.figures import one_moment
from usage.selectors.imported_reports import reports_of_days
from usage.services import plan_reconciliation, reconcile, stage_report, staged_report

_SHOWN = 200  # rows of a preview
_GONE = "The file is not at hand any more. Choose it again."


class ProviderReportAdmin(ReadOnlyAdmin):
    """Whoever may add reports imports them here; whoever may view them sees what became of each, and the drift."""

    change_list_template = "admin/usage/providerreport/change_list.html"
    list_display = [
        "created_at",
        "file_name",
        "sha_256",
        "source",
        "imported_by",
        "days",
        "confirmed",
        "adjustments",
        "unmatched",
        "platform_cost",
    ]
    list_select_related = ["imported_by"]
    search_fields = ["=id", "file_name", "=digest", "imported_by__email"]
    fields = [
        "created_at", "imported_by", "file_name", "file_size", "digest", "source", "provider", "label", "shared", "first_day", "last_day",
        "rows", "confirmed", "adjustments", "unmatched", "tokens", "cost", "platform_tokens", "platform_cost", "what_was_noted",
    ]  # fmt: skip
    readonly_fields = ["what_was_noted"]

    @admin.display(description="days")
    def days(self, row: ProviderReport) -> str:
        return f"{row.first_day} to {row.last_day}" if row.first_day != row.last_day else str(row.first_day or "–")

    @admin.display(description="SHA-256")
    def sha_256(self, row: ProviderReport) -> str:
        return f"{row.digest[:12]}…"

    def what_was_noted(self, row: ProviderReport) -> str:
        return format_html_join("", "<p>{}</p>", ((note,) for note in row.notes)) or "Nothing."

    def get_urls(self) -> list[URLPattern]:
        own = [
            path("import/", self.admin_site.admin_view(self.upload), name="usage_providerreport_import"),
            path("import/confirm/", self.admin_site.admin_view(self.confirm), name="usage_providerreport_confirm"),
            path("drift/", self.admin_site.admin_view(self.drift), name="usage_providerreport_drift"),
        ]
        return own + super().get_urls()

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, {**(extra_context or {}), "may_import": _may_import(request)})

    def upload(self, request: HttpRequest) -> HttpResponse:
        """The form; with a file the preview of what its import would post. Writes nothing."""
        if not _may_import(request):
            raise PermissionDenied
        form = UploadForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            content = form.cleaned_data["file"].read(MOST_BYTES + 1)
            file = form.as_file(stage_report(_user_id(request), content), len(content))
            try:
                return self._preview(request, file, content)
            except DomainError as error:
                form.add_error("file", error.message)
        context = {**self.admin_site.each_context(request), "title": "Import a provider’s report", "form": form, "opts": self.opts}
        return render(request, "admin/usage/providerreport/import.html", context, status=400 if form.errors else 200)

    def confirm(self, request: HttpRequest) -> HttpResponse:
        """Post what the preview showed. Where the ledger has changed since so that it would be something else: the new preview."""
        if not _may_import(request):
            raise PermissionDenied
        form = ConfirmForm(request.POST)
        content = staged_report(_user_id(request), request.POST.get("digest", ""))
        if request.method != "POST" or not form.is_valid() or content is None:
            messages.error(request, _GONE)
            return redirect("admin:usage_providerreport_import")
        file = form.as_file(len(content))
        try:
            report, plan = reconcile(
                file, io.BytesIO(content), imported_by=_user_id(request), expected=form.cleaned_data["fingerprint"], now=timezone.now()
            )
        except DomainError as error:
            messages.warning(request, error.message)
            return self._preview(request, file, content)
        self.log_addition(request, report, f"Imported {report.file_name}: {plan.posts} rows posted.")
        figures = f"rows posted {plan.posts:,}, agreed {plan.confirmed:,}, unknown here {plan.unmatched_rows:,}"
        messages.success(request, f"Imported {report.file_name}: {figures}.")
        return HttpResponseRedirect(reverse("admin:usage_providerreport_change", args=[report.id]))

    def drift(self, request: HttpRequest) -> HttpResponse:
        """Ours and theirs by model."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        today = timezone.now().date()
        form = DriftForm(request.GET if {"first", "last"} & request.GET.keys() else {"first": today - timedelta(days=30), "last": today})
        rows = []
        if form.is_valid():
            with one_moment():
                rows = drift_by_model(form.cleaned_data["first"], form.cleaned_data["last"], form.cleaned_data["provider"])
        context = {**self.admin_site.each_context(request), "title": "Drift by model", "form": form, "rows": rows, "opts": self.opts}
        return render(request, "admin/usage/providerreport/drift.html", context, status=400 if form.errors else 200)

    def _preview(self, request: HttpRequest, file: ReportFile, content: bytes) -> HttpResponse:
        with one_moment():
            plan: Plan = plan_reconciliation(file, io.BytesIO(content))
            earlier = reports_of_days(file, plan.first_day, plan.last_day)
        context = {
            **self.admin_site.each_context(request),
            "title": f"Preview of {file.name}",
            "plan": plan,
            "earlier": earlier,
            "days": plan.days[:_SHOWN],
            "calls": plan.calls[:_SHOWN],
            "form": ConfirmForm.of(file, plan),
            "opts": self.opts,
        }
        return render(request, "admin/usage/providerreport/preview.html", context)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return super().has_view_permission(request, obj) or _may_import(request)


def _may_import(request: HttpRequest) -> bool:
    return request.user.is_active and request.user.is_staff and request.user.has_perm("usage.add_providerreport")


def _user_id(request: HttpRequest) -> Any:
    return request.user.pk
