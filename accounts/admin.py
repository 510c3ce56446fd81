"""Who uses the product, for operators."""

from __future__ import annotations

from contextlib import suppress
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.db import transaction
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse

from accounts.audit_admin import RecordedAdmin
from accounts.models import DataExport, Invitation, Membership, User, Workspace
from accounts.services.change_email import change_email
from accounts.services.close_account import erase_now, keep_account
from accounts.services.create_personal_workspace import create_personal_workspace
from accounts.services.end_sessions import end_sessions
from accounts.services.invite import invite
from accounts.services.record_security_event import record_security_event
from accounts.types import SecurityEventKind
from core.exceptions import NotFound

_MODELS = ("default_model_key", "last_model_key")


class NewUserForm(AdminUserCreationForm):  # type: ignore[type-arg]
    class Meta:
        model = User
        fields = ("email", "name")


class UserForm(UserChangeForm):  # type: ignore[type-arg]
    class Meta:
        model = User
        fields = "__all__"


class MembershipsOfUser(admin.TabularInline):  # type: ignore[type-arg]
    model = Membership
    extra = 0
    autocomplete_fields = ["workspace"]
    readonly_fields = ["created_at"]


@admin.register(User)
class UserAdmin(RecordedAdmin, DjangoUserAdmin):  # type: ignore[type-arg]
    form = UserForm
    add_form = NewUserForm
    inlines = [MembershipsOfUser]
    list_display = ["email", "name", "is_active", "is_staff", "date_joined", "last_login", "deletion_due_at"]
    list_filter = ["is_active", "is_staff", "is_superuser", ("deletion_due_at", admin.EmptyFieldListFilter), "date_joined", "last_login"]
    search_fields = ["email", "name"]
    search_help_text = "Email or name"
    ordering = ["-date_joined"]
    date_hierarchy = "date_joined"
    list_per_page = 50
    readonly_fields = ["id", "date_joined", "last_login", "deletion_due_at"]
    actions = ["keep"]
    fieldsets = [
        (None, {"fields": ["email", "password", "name", "id"]}),
        (
            "Preferences",
            {"fields": ["theme", "language", "time_zone", "send_with_modifier", "shortcuts", "default_model_key", "last_model_key"]},
        ),
        ("Access", {"fields": ["is_active", "is_staff", "is_superuser", "groups", "user_permissions"]}),
        ("Dates", {"fields": ["date_joined", "last_login", "deletion_due_at"]}),
    ]
    add_fieldsets = [(None, {"classes": ["wide"], "fields": ["email", "name", "usable_password", "password1", "password2"]})]

    def get_inlines(self, request: HttpRequest, obj: User | None) -> Any:
        return self.inlines if obj else []

    def save_model(self, request: HttpRequest, obj: User, form: forms.ModelForm[User], change: bool) -> None:
        """As a sign-up would: a new user gets a workspace, a changed address replaces the former one."""
        super().save_model(request, obj, form, change)
        if not obj.is_active:
            end_sessions(obj.pk)
        create_personal_workspace(obj)
        if not change or "email" in form.changed_data:
            former = str(form.initial.get("email", "")) if change else ""
            change_email(obj, obj.email, former=former, operator_id=request.user.pk)

    @admin.action(description="Keep closed accounts", permissions=["change"])
    def keep(self, request: HttpRequest, people: QuerySet[User]) -> None:
        """For whoever has lost both password and mail; what is being erased already cannot be kept."""
        kept = 0
        for user_id in people.values_list("pk", flat=True):
            with suppress(NotFound):
                keep_account(user_id, request, by=request.user.pk)
                kept += 1
        self.message_user(request, f"{kept} accounts are open again.", messages.SUCCESS if kept else messages.WARNING)

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        erase_now([obj.pk])

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        erase_now(list(queryset.values_list("pk", flat=True)))

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:
        """A new password from an operator signs the person out everywhere and is told to them, as one of their own is."""
        with transaction.atomic():
            response: HttpResponse = super().user_change_password(request, id, form_url)
            if response.status_code == 302:
                end_sessions(UUID(id), keep=request.session.session_key)
                # Without the request: the mail would name the operator's address and browser. Those stand in the event of the form.
                record_security_event(SecurityEventKind.PASSWORD_CHANGED, subject_id=UUID(id), actor_id=request.user.pk)
        return response


class MembersOfWorkspace(admin.TabularInline):  # type: ignore[type-arg]
    model = Membership
    extra = 0
    autocomplete_fields = ["user"]
    readonly_fields = ["created_at"]


@admin.register(Workspace)
class WorkspaceAdmin(RecordedAdmin):
    inlines = [MembersOfWorkspace]
    list_display = ["name", "kind", "personal_of", "members", "created_at"]
    list_filter = ["kind", "created_at"]
    list_select_related = ["personal_of"]
    search_fields = ["name", "personal_of__email", "id"]
    search_help_text = "Name, owner's email or id"
    ordering = ["-created_at"]
    list_per_page = 50
    autocomplete_fields = ["personal_of"]
    readonly_fields = ["id", "created_at"]
    fields = ["name", "kind", "personal_of", "id", "created_at"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Workspace]:
        workspaces: QuerySet[Workspace] = super().get_queryset(request)
        return workspaces.annotate(member_count=Count("memberships"))

    @admin.display(description="Members", ordering="member_count")
    def members(self, workspace: Any) -> int:
        return int(workspace.member_count)


@admin.register(Invitation)
class InvitationAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Add one, and its link is sent. "Send again" makes a new link; the former one stops working."""

    list_display = ["email", "created_at", "expires_at"]
    list_filter = ["created_at", "expires_at"]
    search_fields = ["email"]
    search_help_text = "Email"
    fields = ["email", "created_at", "expires_at"]
    readonly_fields = ["created_at", "expires_at"]
    actions = ["send_again"]

    def has_change_permission(self, request: HttpRequest, obj: Invitation | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Invitation, form: forms.ModelForm[Invitation], change: bool) -> None:
        invite(obj)

    @admin.action(description="Send again", permissions=["add"])
    def send_again(self, request: HttpRequest, invitations: QuerySet[Invitation]) -> None:
        for invitation in invitations:
            invite(invitation)


@admin.register(DataExport)
class DataExportAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """How far exports are and which failed; their files are for their people alone. Of a deleted one the file goes within the hour."""

    list_display = ["created_at", "user_id", "state", "done", "total", "attempts", "size_bytes", "expires_at", "downloaded_at"]
    list_filter = ["state", "created_at"]
    search_fields = ["=user__email", "=user__id"]
    search_help_text = "Email or id of a user"
    ordering = ["-id"]
    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: DataExport | None = None) -> bool:
        return False
