"""The forms of the doors: sign up, sign in, passwords, addresses, preferences."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as allauth_forms
from allauth.account.adapter import get_adapter
from allauth.core import context
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import MinimumLengthValidator, get_default_password_validators
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.languages import language_choices
from accounts.models import Theme, User
from accounts.selectors.people import people_at
from accounts.selectors.sign_up import INVITED_AS, may_sign_up
from accounts.services.free_address import free_address
from accounts.time_zones import known_time_zones, time_zone_choices

_LONGEST_EMAIL = 254


class ClearForm(forms.Form):
    """Labels instead of placeholders, and the cursor in the first field that is wrong (or else in the first)."""

    starts_at_first_field = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            if isinstance(field, forms.EmailField):
                field.widget.attrs.update({"autocapitalize": "none", "spellcheck": "false", "maxlength": str(_LONGEST_EMAIL)})
                field.validators = [*field.validators, MaxLengthValidator(_LONGEST_EMAIL)]  # a longer one would be cut, or not be stored
            if isinstance(field.widget, forms.PasswordInput):
                field.help_text = _password_rule() if name == "password1" else ""
                field.label = str(field.label).capitalize()
        if self.starts_at_first_field and not self.is_bound:
            self._focus_on(next(iter(self.fields)))

    def full_clean(self) -> None:
        super().full_clean()
        wrong = [name for name in self.fields if name in self.errors]
        if wrong:
            self._focus_on(wrong[0])

    def _focus_on(self, name: str) -> None:
        self.fields[name].widget.attrs["autofocus"] = True


class LoginForm(ClearForm, allauth_forms.LoginForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["remember"].label = "Remember me"
        self.fields["remember"].initial = True

    def clean(self) -> dict[str, Any]:
        """What is wrong with the pair is said at the password, where the cursor goes."""
        try:
            super().clean()
        except ValidationError as error:
            self.add_error("password", error)
        cleaned: dict[str, Any] = self.cleaned_data
        return cleaned


class SignupForm(ClearForm, allauth_forms.SignupForm):  # type: ignore[misc]
    """E-mail and password. The browser fills in its time zone, when it can; a wrong one is ignored."""

    time_zone = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput(attrs={"data-time-zone": ""}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.invited_as = context.request.session.get(INVITED_AS, "") if settings.SIGN_UP == "invitation" else ""
        if self.invited_as:
            self.fields["email"].initial = self.invited_as

    def clean_email(self) -> str:
        """The operator's policy (`SIGN_UP`); an invitation is for one address."""
        email: str = super().clean_email()
        if settings.SIGN_UP == "invitation" and email.lower() != self.invited_as:
            raise ValidationError("The invitation is for another address.")
        if not may_sign_up(email):
            raise ValidationError(f"New accounts need an address at {' or '.join(settings.SIGN_UP_DOMAINS)}.")
        return email

    def validate_unique_email(self, value: str) -> str:
        """An address that others have only typed is free; `save` takes it from them."""
        return super().validate_unique_email(value) if people_at(value) else value

    def clean_time_zone(self) -> str:
        value: str = self.cleaned_data["time_zone"]
        return value if value in known_time_zones() else ""

    def save(self, request: HttpRequest) -> User:
        """User, workspace, membership and address in one transaction."""
        with transaction.atomic():
            free_address(self.cleaned_data["email"])
            return super().save(request)  # type: ignore[no-any-return]

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        """Two sign-ups with one address at the same moment make one account.

        The slower one is mostly the same person's second click: the same password signs them in. Anybody else is
        told that the account exists.
        """
        if self.account_already_exists:
            # Where addresses are proved by mail, both answers are the same words; this makes them take the same time.
            make_password(self.cleaned_data["password1"])
        try:
            return super().try_save(request)  # type: ignore[no-any-return]
        except IntegrityError:
            email = self.cleaned_data["email"]
            if not User.objects.filter(email=email).exists():
                raise
            user = _authenticate(request, email, self.cleaned_data["password1"])
        if user is not None:
            return user, None
        messages.error(request, get_adapter().error_messages["email_taken"])
        return None, redirect("account_login")


class ResetPasswordForm(ClearForm, allauth_forms.ResetPasswordForm):  # type: ignore[misc]
    """Asks for the address; the answer is the same whether there is an account or not."""

    users: list[User]  # who gets a link

    def clean_email(self) -> str:
        """Only to whom the address belongs: its owner must not be led into the account of somebody who has typed it there."""
        email: str = super().clean_email()
        owners = people_at(email)
        self.users = [user for user in self.users if user.pk in owners]
        return email


class ResetPasswordKeyForm(ClearForm, allauth_forms.ResetPasswordKeyForm):  # type: ignore[misc]
    """One field, which can be shown, instead of the same password twice."""

    password2 = None


class ChangePasswordForm(ClearForm, allauth_forms.ChangePasswordForm):  # type: ignore[misc]
    password2 = None


class SetPasswordForm(ClearForm, allauth_forms.SetPasswordForm):  # type: ignore[misc]
    password2 = None


class ReauthenticateForm(ClearForm, allauth_forms.ReauthenticateForm):  # type: ignore[misc]
    """Asks for the password again before something sensitive."""


class AddEmailForm(ClearForm, allauth_forms.AddEmailForm):  # type: ignore[misc]
    starts_at_first_field = False

    def clean_email(self) -> str:
        """Refuses an address of another account at once: it could never become the primary one."""
        email: str = super().clean_email()
        if User.objects.filter(email=email).exclude(pk=self.user.pk).exists():
            raise get_adapter().validation_error("email_taken")
        return email


class PreferencesForm(forms.Form):
    """Name, theme, language and time zone."""

    name = forms.CharField(
        required=False,
        max_length=120,
        help_text="How we address you. Only you see it.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    theme = forms.ChoiceField(choices=Theme.choices, widget=forms.RadioSelect)
    language = forms.ChoiceField(
        required=False, choices=language_choices, help_text="How dates and times are written. All texts are in English."
    )
    time_zone = forms.ChoiceField(required=False, choices=time_zone_choices, help_text="Dates and times are shown in this zone.")

    def __init__(self, user: User, data: Any = None) -> None:
        kept = {name: getattr(user, name) for name in self.base_fields}
        super().__init__(data, initial=kept, label_suffix="")


def _password_rule() -> str:
    lengths = [validator.min_length for validator in get_default_password_validators() if isinstance(validator, MinimumLengthValidator)]
    return f"At least {max(lengths, default=1)} characters, and not a common one."


def _authenticate(request: HttpRequest, email: str, password: str) -> User | None:
    try:
        return get_adapter(request).authenticate(request, email=email, password=password)  # type: ignore[no-any-return]
    except ValidationError:
        return None
