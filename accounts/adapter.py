"""Our answers to what allauth asks: how an account is made, what is said, where links in e-mails point."""

from __future__ import annotations

import logging
from typing import Any
from urllib.parse import quote

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from accounts.attempts import forget_attempts, give_attempt_back, mail_may_go, take_attempt
from accounts.known_device import remember_device
from accounts.models import User
from accounts.selectors.sign_up import INVITED_AS, may_sign_up
from accounts.services.create_personal_workspace import create_personal_workspace
from accounts.services.invite import accept_invitation
from accounts.services.keep_primary_address import keep_primary_address
from core.exceptions import RateLimited, Unavailable

_ASKED_BY_ANYBODY = {"account/email/password_reset_key", "account/email/unknown_account", "account/email/account_already_exists"}
_WAYS = {
    "reauthenticate": "Use your password",
    "mfa_reauthenticate": "Use a code",
    "mfa_reauthenticate:webauthn": "Use a passkey",
}
logger = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts by e-mail address, each with a personal workspace from the first moment."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "This email and password do not belong together. Check both, or choose a new password.",
        "email_taken": "There is an account with this email already. Sign in, or choose a new password.",
        "duplicate_email": "This address is on your account already.",
        "enter_current_password": "This is not your current password.",
        "incorrect_password": "This is not your password.",
        "too_many_login_attempts": "Too many attempts. Wait five minutes, or choose a new password.",
        "rate_limited": "That was too often. Please wait a moment.",
    }

    def save_user(self, request: HttpRequest, user: User, form: BaseForm, commit: bool = True) -> User:
        """Store a new user together with their workspace and membership: all three rows, or none."""
        user.time_zone = form.cleaned_data.get("time_zone", "")
        with transaction.atomic():
            super().save_user(request, user, form, commit=commit)
            if commit:
                create_personal_workspace(user)
                accept_invitation(user.email)
        return user

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Whether there is a form at all; which addresses it takes, the form says."""
        if settings.SIGN_UP == "invitation":
            return may_sign_up(request.session.get(INVITED_AS, ""))
        return bool(settings.SIGN_UP != "closed")

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send at once. Raises `Unavailable` when the mail server does not take it.

        Mails that anybody can ask for go to one address only so often; beyond that nothing is sent, and nobody told.
        """
        if template_prefix in _ASKED_BY_ANYBODY and not mail_may_go(email):
            return
        context = {**context, "site_name": settings.SITE_NAME, "base_url": settings.BASE_URL}
        try:
            super().send_mail(template_prefix, email, context)
        except Exception as error:
            # Its kind only: what mail servers say holds addresses, and logs outlive the people.
            logger.error("An e-mail could not be sent", extra={"template": template_prefix, "cause": type(error).__name__})
            raise Unavailable("We could not send an email just now. Please try again in a few minutes.") from error

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Our own counts (`accounts.attempts`) in place of the library's, which strangers can use up."""
        try:
            take_attempt(request, credentials.get("email", ""))
        except RateLimited as error:
            raise self.validation_error("too_many_login_attempts") from error

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        user: User | None = super().authenticate(request, **credentials)
        if user is not None:
            give_attempt_back(request, credentials.get("email", ""))
        return user

    def _delete_login_attempts_cached_email(self, request: HttpRequest, **credentials: Any) -> None:
        forget_attempts(request, credentials.get("email", ""))

    def post_login(self, request: HttpRequest, user: User, **more: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **more)
        remember_device(request, response, user.email, more.get("email") or "")
        return response

    def format_email_subject(self, subject: str) -> str:
        return subject

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Built on `BASE_URL`, never on the request's Host header: who sends a request must not choose the link's host."""
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return f"{settings.BASE_URL}{path.replace('UID-KEY', quote(key))}"

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """A confirmed address takes the place of no other one, and stands with the trail in one transaction."""
        with transaction.atomic():
            keep_primary_address(email_address.user_id)
            email_address.refresh_from_db(fields=["primary"])
            return bool(super().confirm_email(request, email_address))

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        """Built on `BASE_URL`, like the link that resets a password."""
        return f"{settings.BASE_URL}{reverse('account_confirm_email', args=[emailconfirmation.key])}"

    def get_reauthentication_methods(self, user: User) -> list[dict[str, str]]:
        return [way | {"description": _WAYS[way["id"]]} for way in super().get_reauthentication_methods(user)]

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("settings")
