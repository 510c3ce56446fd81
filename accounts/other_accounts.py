"""Signing in with an account of somebody else's: Google, GitHub, an OpenID Connect provider.

Only what the provider has proved counts. An address that it has not confirmed is not used at all; one that belongs to an
account here never opens that account: its owner signs in as always, and links the two on the security page.
"""

from __future__ import annotations

from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.base import AuthProcess
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.shortcuts import render
from django.urls import reverse

from accounts.models import User
from accounts.selectors.people import people_at
from accounts.selectors.sign_up import may_sign_up
from accounts.services.create_personal_workspace import create_personal_workspace
from accounts.services.free_address import free_address
from accounts.services.invite import accept_invitation


class OtherAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    error_messages = {
        **DefaultSocialAccountAdapter.error_messages,
        "no_password": "Set a password first: without it, this is your only way in.",
        "no_verified_email": "Confirm your email address first: without it, a forgotten password locks you out.",
    }

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Called once the provider has said who it is, before anything is stored."""
        if sociallogin.is_existing or sociallogin.state.get("process") == AuthProcess.CONNECT:
            return
        proved = [address for address in sociallogin.email_addresses if address.verified is True]
        if not proved:
            raise _refusal(request, sociallogin, "socialaccount/unverified.html")
        # One address: the provider's primary one, or else its first.
        chosen = min(proved, key=lambda address: not address.primary)
        chosen.email, chosen.primary = chosen.email.lower(), True
        sociallogin.email_addresses = [chosen]
        sociallogin.user.email = chosen.email
        if people_at(chosen.email):
            raise _refusal(request, sociallogin, "socialaccount/email_taken.html")

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return may_sign_up(sociallogin.user.email)

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]) -> User:
        user: User = super().populate_user(request, sociallogin, data)
        name = data.get("name") or f"{data.get('first_name') or ''} {data.get('last_name') or ''}"
        user.name = str(name).strip()[:120]
        return user

    def save_user(self, request: HttpRequest, sociallogin: SocialLogin, form: Any = None) -> User:
        """User, workspace, address and link in one transaction; the second of two at once is told that the address is taken."""
        try:
            with transaction.atomic():
                free_address(sociallogin.user.email)
                user: User = super().save_user(request, sociallogin, form)
                create_personal_workspace(user)
                accept_invitation(user.email)
                return user
        except IntegrityError as error:
            raise _refusal(request, sociallogin, "socialaccount/email_taken.html") from error

    def get_connect_redirect_url(self, request: HttpRequest, socialaccount: Any) -> str:
        return reverse("security")


def _refusal(request: HttpRequest, sociallogin: SocialLogin, template: str) -> ImmediateHttpResponse:
    context = {"provider": sociallogin.provider.name, "email": sociallogin.user.email}
    return ImmediateHttpResponse(render(request, template, context, status=403))
