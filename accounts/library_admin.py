"""What libraries bring to the admin, as far as operators need it: second steps and linked accounts are taken away, never made or changed.

Tokens and apps of other accounts are not shown: tokens are not kept, and apps come from the environment.
"""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django.contrib import admin
from django.http import HttpRequest

from accounts.audit_admin import RecordedAdmin


class _OnlyTakenAway(RecordedAdmin):
    search_fields = ["=user__email"]
    search_help_text = "Email of a user"
    list_select_related = ["user"]
    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class AuthenticatorAdmin(_OnlyTakenAway):
    """For whoever has lost phone and recovery codes. What it is made of is not shown."""

    list_display = ["user", "type", "created_at", "last_used_at"]
    list_filter = ["type", "created_at"]
    ordering = ["-created_at"]
    fields = ["user", "type", "created_at", "last_used_at"]


class SocialAccountAdmin(_OnlyTakenAway):
    list_display = ["user", "provider", "uid", "date_joined", "last_login"]
    list_filter = ["provider", "date_joined"]
    ordering = ["-date_joined"]
    fields = ["user", "provider", "uid", "date_joined", "last_login"]


def replace() -> None:
    """After the libraries have registered theirs."""
    admin.site.unregister([Authenticator, SocialAccount, SocialApp, SocialToken])
    admin.site.register(Authenticator, AuthenticatorAdmin)
    admin.site.register(SocialAccount, SocialAccountAdmin)
