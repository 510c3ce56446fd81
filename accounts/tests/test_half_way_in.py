"""A sign-in that waits for something more belongs to its person already: it ends with their sessions, and leaves nothing behind."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret, hotp_value
from django.test import Client
from django.utils import timezone

from accounts.models import DeviceSession, User
from accounts.selectors.devices import devices_of
from accounts.services.close_account import close_account
from accounts.services.end_sessions import end_sessions
from accounts.services.erase_people import erase_person
from accounts.sessions import SessionStore
from accounts.tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture
def secret(kim: User) -> str:
    secret: str = generate_totp_secret()
    TOTP.activate(kim, secret)
    return secret


@pytest.fixture
def half_way(kim: User, secret: str) -> Client:
    browser = Client()
    assert browser.post("/accounts/login/", {"login": kim.email, "password": PASSWORD})["Location"] == "/accounts/2fa/authenticate/"
    return browser


def finish(browser: Client, secret: str) -> bool:
    browser.post("/accounts/2fa/authenticate/", {"code": f"{hotp_value(secret, int(time.time()) // 30):06}"})
    return browser.get("/settings/").status_code == 200


def test_it_opens_nothing_and_is_no_device_until_it_is_finished(kim: User, half_way: Client, secret: str) -> None:
    assert half_way.get("/settings/").status_code == 302
    assert devices_of(kim.pk, None) == []
    assert finish(half_way, secret)
    assert len(devices_of(kim.pk, half_way.session.session_key)) == 1


def test_whoever_knew_the_former_password_does_not_finish_once_everybody_is_put_out(kim: User, half_way: Client, secret: str) -> None:
    end_sessions(kim.pk)  # as a new password does, or an address that is taken back
    assert not finish(half_way, secret)


@pytest.mark.usefixtures("half_way")
def test_nothing_of_it_stays_of_somebody_who_is_erased(kim: User) -> None:
    kept = [SessionStore().decode(row.session_data) for row in DeviceSession.objects.all()]
    assert kim.email in str(kept)
    close_account(kim)
    assert erase_person(kim.pk, now=timezone.now() + timedelta(days=15))
    assert not DeviceSession.objects.exists()


def test_nor_of_a_sign_up_whose_address_was_never_proved(client: Client, db: None, settings: Any) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    client.post("/accounts/signup/", {"email": "noa@example.com", "password1": PASSWORD})
    noa = User.objects.get()
    assert DeviceSession.objects.filter(user=noa).count() == DeviceSession.objects.count() == 1
    noa.delete()
    assert not DeviceSession.objects.exists()
