"""The forms of the second step."""

from __future__ import annotations

from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as base_forms
from allauth.mfa.totp import forms as totp_forms
from allauth.mfa.webauthn import forms as webauthn_forms
from django import forms
from django.core.cache import cache

from accounts.forms import ClearForm

# A code is right for one period before and after its own (MFA_TOTP_TOLERANCE); as long as that it must not work twice.
CODE_LIFE_SECONDS = 120
_NO_PASSKEY = (KeyError, AttributeError, TypeError, ValueError)


class CodeForm(ClearForm):
    """One field for digits: of an authenticator app, or a recovery code."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = "Code"
        self.fields["code"].widget.attrs.update({"inputmode": "numeric", "autocomplete": "one-time-code", "maxlength": "16"})

    def clean_code(self) -> str:
        code: str = super().clean_code()  # type: ignore[misc]
        if not cache.add(f"second-step:{self.user.pk}:{''.join(code.split())}", 1, CODE_LIFE_SECONDS):  # type: ignore[attr-defined]
            raise get_adapter().validation_error("incorrect_code")
        return code


class AuthenticateForm(CodeForm, base_forms.AuthenticateForm):  # type: ignore[misc]
    """The second step of signing in."""


class ReauthenticateForm(CodeForm, base_forms.ReauthenticateForm):  # type: ignore[misc]
    """A code instead of the password, before something sensitive."""


class ActivateTOTPForm(CodeForm, totp_forms.ActivateTOTPForm):  # type: ignore[misc]
    """The first code proves that the app has the secret."""


class Passkey(forms.Form):
    """What a browser sent as a passkey's answer may be anything; allauth's reading of it trips over some of that."""

    def clean_credential(self) -> Any:
        read = getattr(super(), "clean_credential", lambda: self.cleaned_data["credential"])
        try:
            return read()
        except _NO_PASSKEY as error:
            raise get_adapter().validation_error("incorrect_code") from error

    def clean(self) -> Any:
        try:
            return super().clean()
        except _NO_PASSKEY as error:
            raise get_adapter().validation_error("incorrect_code") from error


class LoginPasskeyForm(Passkey, webauthn_forms.LoginWebAuthnForm):  # type: ignore[misc]
    """Signs in alone."""


class AuthenticatePasskeyForm(Passkey, webauthn_forms.AuthenticateWebAuthnForm):  # type: ignore[misc]
    """The second step of signing in."""


class ReauthenticatePasskeyForm(Passkey, webauthn_forms.ReauthenticateWebAuthnForm):  # type: ignore[misc]
    """Instead of the password, before something sensitive."""


class AddPasskeyForm(ClearForm, Passkey, webauthn_forms.AddWebAuthnForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].widget.attrs["maxlength"] = "60"
        self.fields["passwordless"].label = "Sign in with it alone, without my password"
        self.fields["passwordless"].initial = True


class RenamePasskeyForm(ClearForm, webauthn_forms.EditWebAuthnForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].widget.attrs["maxlength"] = "60"
