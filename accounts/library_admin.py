"""What libraries bring to the admin, as far as operators need it: second steps and linked accounts are taken away, never made or changed.

Tokens and apps of other accounts are not shown: tokens are not kept, and apps come from the environment.
"""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django.contrib import admin, messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.audit_admin import RecordedAdmin
from accounts.services.record_security_event import record_security_event
from accounts.types import SecurityEventKind as Kind


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


class EmailAddressAdmin(_OnlyTakenAway):
    """Addresses are changed on the page of their user, where the trail and the former address hear of it."""

    list_display = ["email", "user", "primary", "verified"]
    list_filter = ["primary", "verified"]
    search_fields = ["=email", "=user__email"]
    search_help_text = "An email address"
    ordering = ["-pk"]
    fields = ["email", "user", "primary", "verified"]
    actions = ["prove"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never the one that signs in; the others, and with their user all of them."""
        primary = obj is not None and isinstance(obj, EmailAddress) and obj.primary
        return super().has_delete_permission(request, obj) and not (primary and "emailaddress" in request.path)

    @admin.action(description="Mark as proved", permissions=["prove"])
    def prove(self, request: HttpRequest, addresses: QuerySet[EmailAddress]) -> None:
        """For whoever gets no mail of ours. In the trail of their account; an address that another account has proved stays as it is."""
        proved = 0
        for address in addresses.filter(verified=False).select_related("user"):
            with transaction.atomic():
                if address.set_verified():
                    _record_proof(address, request)
                    proved += 1
        self.message_user(request, f"{proved} addresses are marked as proved.", messages.SUCCESS if proved else messages.WARNING)

    def has_prove_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("account.change_emailaddress")


def _record_proof(address: EmailAddress, request: HttpRequest) -> None:
    details = {"email": address.email}
    record_security_event(Kind.EMAIL_CONFIRMED, subject_id=address.user_id, actor_id=request.user.pk, request=request, details=details)


def replace() -> None:
    """After the libraries have registered theirs."""
    admin.site.unregister([Authenticator, EmailAddress, SocialAccount, SocialApp, SocialToken])
    admin.site.register(EmailAddress, EmailAddressAdmin)
    admin.site.register(Authenticator, AuthenticatorAdmin)
    admin.site.register(SocialAccount, SocialAccountAdmin)
