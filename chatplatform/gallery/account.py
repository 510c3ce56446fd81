"""The pages of an account: what leads to them, how one signs in, forms."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms

from accounts.types import Device, Factors, Passkey
from chatplatform.gallery.samples import ADA, LONG_NAME, SAID_AT
from chatplatform.gallery.state import State

_LINKED = {"name": "GitHub", "url": "/c/", "linked": {"pk": 1, "date_joined": SAID_AT}}
_WAYS = [_LINKED, {"name": LONG_NAME, "url": "/c/", "linked": None}]


def states() -> list[State]:
    return [*_navigation(), *_sign_in(), *_second_step(), *_devices(), *_forms()]


def _navigation() -> list[State]:
    shown = ((' popover aria-label="Account"', ' aria-label="Account"'),)
    here = {"user": ADA | {"is_staff": True}, "request": {"path": "/settings/security/"}}
    return [State("Pages of an account", "_manage_nav.html", here, changes=shown)]


def _sign_in() -> list[State]:
    shown = ((" hidden data-passkey", " data-passkey"),)
    here = {"action": "mfa_login_webauthn"}
    refused = {**here, "form": {"credential": {"errors": ["That was not right. Please try again."]}}}
    return [
        State("Sign in with a passkey", "mfa/_use_passkey.html", here, classes="narrow", changes=shown),
        State("Sign in with a passkey, refused", "mfa/_use_passkey.html", refused, classes="narrow", changes=shown),
        State("Sign in with other accounts", "socialaccount/_buttons.html", {"ways": _WAYS}, classes="narrow"),
        State("How one signs in", "account/_security_sign_in.html", {"user": ADA | {"has_usable_password": True}}),
        State("How one signs in without a password", "account/_security_sign_in.html", {"user": ADA}),
        State("Linked sign-ins", "account/_security_links.html", {"ways": _WAYS}),
    ]


def _second_step() -> list[State]:
    passkeys = (
        Passkey(1, "My laptop", alone=True, added_at=SAID_AT, used_at=SAID_AT),
        Passkey(2, LONG_NAME, alone=False, added_at=SAID_AT, used_at=None),
    )
    factors = {"Second step off": Factors(None, None, ()), "Second step on": Factors(SAID_AT, 2, passkeys)}
    return [State(name, "account/_security_second_step.html", {"factors": one}) for name, one in factors.items()]


def _devices() -> list[State]:
    this = Device(UUID(int=61), "Firefox on Linux", handheld=False, current=True, active=True, signed_in_at=SAID_AT, last_seen_at=SAID_AT)
    other = Device(UUID(int=62), "Safari on iPhone", handheld=True, current=False, active=False, signed_in_at=None, last_seen_at=SAID_AT)
    return [
        State("The only device", "account/_security_devices.html", {"devices": [this]}),
        State("Two devices", "account/_security_devices.html", {"devices": [this, other]}),
    ]


class _Form(forms.Form):
    name = forms.CharField(help_text="Others do not see it.")
    secret = forms.CharField(label="Password", widget=forms.PasswordInput)
    colours = forms.ChoiceField(choices={"light": "Light", "dark": "Dark"}, widget=forms.RadioSelect, help_text="Of every page.")
    agreed = forms.BooleanField(label="I have written the codes down")

    def clean(self) -> dict[str, Any]:
        raise forms.ValidationError("Nothing was saved.")


def _forms() -> list[State]:
    return [
        State("Fields", "_fields.html", {"form": _Form(auto_id="one_%s")}, classes="form narrow"),
        State("Fields with what is wrong", "_fields.html", {"form": _Form({}, auto_id="wrong_%s")}, classes="form narrow"),
    ]
