"""Who uses the product, for operators."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse

from accounts.audit_admin import RecordedAdmin
from accounts.models import Invitation, Membership, User, Workspace
from accounts.services.change_email import change_email
from accounts.services.close_account import erase_now
from accounts.services.create_personal_workspace import create_personal_workspace
from accounts.services.end_sessions import end_sessions
from accounts.services.invite import invite


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
    list_display = ["email", "name", "is_active", "is_staff", "date_joined", "last_login"]
    list_filter = ["is_active", "is_staff", "is_superuser", "date_joined", "last_login"]
    search_fields = ["email", "name"]
    search_help_text = "Email or name"
    ordering = ["-date_joined"]
    date_hierarchy = "date_joined"
    list_per_page = 50
    readonly_fields = ["id", "date_joined", "last_login"]
    fieldsets = [
        (None, {"fields": ["email", "password", "name", "id"]}),
        ("Preferences", {"fields": ["theme", "time_zone", "send_with_modifier", "shortcuts", "default_model_key", "last_model_key"]}),
        ("Access", {"fields": ["is_active", "is_staff", "is_superuser", "groups", "user_permissions"]}),
        ("Dates", {"fields": ["date_joined", "last_login"]}),
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

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        erase_now([obj.pk])

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        erase_now(list(queryset.values_list("pk", flat=True)))

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:
        """A new password from an operator signs the person out everywhere, as one of their own does."""
        response: HttpResponse = super().user_change_password(request, id, form_url)
        if response.status_code == 302:
            end_sessions(UUID(id), keep=request.session.session_key)
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
