"""The trail for operators: to search, to look at, to take along. And what operators do to people becomes part of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from accounts.activity_views import csv_download
from accounts.models import SecurityEvent, User, Workspace
from accounts.selectors.security_events import csv_of_security_events
from accounts.services.record_security_event import record_security_event
from accounts.types import SecurityEventKind as Kind


class RecordedAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Adding, changing and deleting is written to the trail of whose account it is, in the transaction of the change."""

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> LogEntry:
        _record(Kind.OPERATOR_ADDED, request, obj)
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> LogEntry:
        _record(Kind.OPERATOR_CHANGED, request, obj, _fields(message))
        return super().log_change(request, obj, message)

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        for obj in queryset:
            _record(Kind.OPERATOR_DELETED, request, obj)
        return super().log_deletions(request, queryset)


@admin.register(SecurityEvent)
class SecurityEventAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ["created_at", "kind", "subject_id", "actor_id", "address", "device", "detail_words"]
    list_filter = ["kind", "created_at"]
    search_fields = ["=subject_id", "=actor_id", "=address"]
    search_help_text = "Id of a user (whose account, or who did it), or an address"
    ordering = ["-id"]
    list_per_page = 50
    show_full_result_count = False
    actions = ["export_csv"]

    @admin.action(description="Export as CSV", permissions=["view"])
    def export_csv(self, request: HttpRequest, queryset: QuerySet[SecurityEvent]) -> HttpResponseBase:
        return csv_download(csv_of_security_events(queryset))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: SecurityEvent | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: SecurityEvent | None = None) -> bool:
        return False


def _record(kind: Kind, request: HttpRequest, obj: Any, fields: list[str] | None = None) -> None:
    details: dict[str, str | int | list[str]] = {"what": str(obj._meta.verbose_name)}
    if fields:
        details["fields"] = fields
    actor = request.user.pk
    record_security_event(kind, subject_id=_whose(obj), actor_id=actor, request=request, details=details)


def _whose(obj: Any) -> UUID | None:
    """The people whose account it is; nobody in particular for a team."""
    if isinstance(obj, User):
        return obj.pk
    return obj.personal_of_id if isinstance(obj, Workspace) else getattr(obj, "user_id", None)


def _fields(message: Any) -> list[str]:
    """Names of what was changed, never the values."""
    parts = message if isinstance(message, list) else []
    return [str(name) for part in parts for name in part.get("changed", {}).get("fields", [])]
