"""Mails for operators: what waits, what was given up, and one more try."""

from __future__ import annotations

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from notifications.models import Notification
from notifications.services.try_again import try_again


@admin.register(Notification)
class NotificationAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ["created_at", "kind", "address", "status", "attempts", "last_error", "due_at", "sent_at"]
    list_filter = ["status", "kind", "created_at"]
    search_fields = ["=address", "=user__email"]
    search_help_text = "An email address"
    ordering = ["-id"]
    list_per_page = 50
    show_full_result_count = False
    actions = ["send_again"]

    @admin.action(description="Try again what was given up", permissions=["delete"])
    def send_again(self, request: HttpRequest, queryset: QuerySet[Notification]) -> None:
        count = try_again(list(queryset.values_list("pk", flat=True)))
        self.message_user(request, f"{count} mails are tried again.", messages.SUCCESS if count else messages.WARNING)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Notification | None = None) -> bool:
        return False
