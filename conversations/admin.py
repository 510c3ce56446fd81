"""What operators see of conversations: their shape and their generations, never a person's texts."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from conversations.models import Conversation, Generation, ImportJob, Share
from conversations.services.revoke_share import revoke_shares


class ReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """For looking: rows are written by services alone."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(Generation)
class GenerationAdmin(ReadOnlyAdmin):
    list_display = ("created_at", "state", "model_name", "user", "input_tokens", "output_tokens", "cost", "confidence", "error_code")
    list_filter = ("state", "model_name", "confidence", "error_code")
    list_select_related = ("user",)
    search_fields = ("id", "user__email")
    date_hierarchy = "created_at"
    ordering = ("-id",)
    show_full_result_count = False


@admin.register(Conversation)
class ConversationAdmin(ReadOnlyAdmin):
    list_display = ("created_at", "owner", "workspace", "model_key", "last_activity_at", "deleted_at")
    list_filter = (("deleted_at", admin.EmptyFieldListFilter),)
    list_select_related = ("owner", "workspace")
    search_fields = ("id", "owner__email")
    fields = ("id", "owner", "workspace", "model_key", "created_at", "last_activity_at", "deleted_at", "revision")
    ordering = ("-id",)
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Conversation]:
        return super().get_queryset(request).defer("title", "system_prompt")


@admin.register(Share)
class ShareAdmin(ReadOnlyAdmin):
    """Who shares how much, and for how long; neither the words nor the link. One that must go is revoked, not edited."""

    list_display = ("created_at", "owner", "message_count", "views", "expires_at", "revoked_at", "shows_name", "shows_system_prompt")
    list_filter = (("revoked_at", admin.EmptyFieldListFilter), ("expires_at", admin.EmptyFieldListFilter))
    list_select_related = ("owner",)
    search_fields = ("id", "token", "owner__email")
    search_help_text = "Owner’s email, or the end of a link (its token)"
    fields = (
        "id", "owner", "workspace", "created_at", "snapshot_at", "expires_at", "revoked_at", "message_count", "views",
        "shows_name", "shows_reasoning", "shows_system_prompt",
    )  # fmt: skip
    ordering = ("-id",)
    show_full_result_count = False
    actions = ("revoke",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Share]:
        return super().get_queryset(request).defer("title", "system_prompt", "page_starts", "author_name")

    @admin.action(description="Revoke: the links lead nowhere from now on", permissions=["revoke"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[Share]) -> None:
        revoked = revoke_shares(list(queryset.values_list("id", flat=True)))
        self.message_user(request, f"{revoked} link{'' if revoked == 1 else 's'} revoked.")

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("conversations.change_share")


@admin.register(ImportJob)
class ImportJobAdmin(ReadOnlyAdmin):
    """What people bring along, how far it is, and why something was refused; not what is in it."""

    list_display = ("created_at", "owner", "format", "state", "size_bytes", "position", "total", "imported_messages", "skipped_count")
    list_filter = ("state", "format")
    list_select_related = ("owner",)
    search_fields = ("id", "owner__email")
    fields = (
        "id", "owner", "workspace", "created_at", "format", "state", "size_bytes", "position", "total", "imported_conversations",
        "imported_messages", "skipped_count", "error_message", "attempts",
    )  # fmt: skip
    ordering = ("-id",)
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[ImportJob]:
        return super().get_queryset(request).defer("file_name", "skipped")
