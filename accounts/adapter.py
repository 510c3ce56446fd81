"""Our answers to what allauth asks: how an account is made, what is said, where links in e-mails point."""

from __future__ import annotations

import logging
from typing import Any
from urllib.parse import quote

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.db import transaction
from django.forms import BaseForm
from django.http import HttpRequest
from django.urls import reverse

from accounts.models import User
from accounts.services.create_personal_workspace import create_personal_workspace
from core.exceptions import Unavailable

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
        return user

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send at once. Raises `Unavailable` when the mail server does not take it."""
        context = {**context, "site_name": settings.SITE_NAME, "base_url": settings.BASE_URL}
        try:
            super().send_mail(template_prefix, email, context)
        except Exception as error:
            logger.exception("An e-mail could not be sent", extra={"template": template_prefix})
            raise Unavailable("We could not send an email just now. Please try again in a few minutes.") from error

    def send_notification_mail(self, template_prefix: str, user: User, *args: Any, **kwargs: Any) -> None:
        """Tell the owner of an account what changed; the change stands even when the mail server is down."""
        try:
            super().send_notification_mail(template_prefix, user, *args, **kwargs)
        except Unavailable:
            logger.warning("A notification was not sent", extra={"template": template_prefix, "user_id": str(user.pk)})

    def format_email_subject(self, subject: str) -> str:
        return subject

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Built on `BASE_URL`, never on the request's Host header: who sends a request must not choose the link's host."""
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return f"{settings.BASE_URL}{path.replace('UID-KEY', quote(key))}"

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        """Built on `BASE_URL`, like the link that resets a password."""
        return f"{settings.BASE_URL}{reverse('account_confirm_email', args=[emailconfirmation.key])}"

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("settings")
