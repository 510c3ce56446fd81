"""What happens to an account is told to its person: once, with text and HTML, at the right address."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings as configured
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.services.record_security_event import record_security_event
from accounts.types import SecurityEventKind as Event
from core.redis import get_redis
from notifications.letters import write_letter
from notifications.models import Notification
from notifications.services import send_due
from notifications.tests.conftest import PASSWORD
from notifications.types import Kind

pytestmark = pytest.mark.django_db
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture(autouse=True)
def no_attempts_remembered_from_other_tests() -> None:
    for key in get_redis().scan_iter("rate:*"):
        get_redis().delete(key)


def told() -> list[str]:
    return list(Notification.objects.order_by("id").values_list("kind", flat=True))


def sign_in(browser: Client) -> None:
    assert browser.post("/accounts/login/", {"login": "kim@example.com", "password": PASSWORD}).status_code == 302


def test_somebody_new_is_welcomed_once() -> None:
    browser = Client()
    browser.post("/accounts/signup/", {"email": "new@example.com", "password1": "a wren below the window"})
    browser.post("/accounts/logout/")
    browser.post("/accounts/login/", {"login": "new@example.com", "password": "a wren below the window"})
    assert told() == ["welcome"]
    send_due()
    [message] = mail.outbox
    assert (message.to, message.subject) == (["new@example.com"], f"Welcome to {configured.SITE_NAME}")
    assert f"{configured.BASE_URL}/c/" in str(message.body)


def test_where_addresses_are_proved_the_welcome_waits_for_that(kim: User, settings: Any) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    record_security_event(Event.SIGNED_UP, subject_id=kim.pk)
    assert told() == []
    for _ in range(2):
        record_security_event(Event.EMAIL_CONFIRMED, subject_id=kim.pk, details={"email": "kim@example.com"})
    assert told() == ["welcome"]


def test_only_a_browser_that_was_not_known_is_news(kim: User) -> None:
    known = Client()
    for _ in range(3):
        sign_in(known)
        known.post("/accounts/logout/")
    assert told() == []
    sign_in(Client(headers={"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"}))
    assert told() == ["device_new"]
    send_due()
    [message] = mail.outbox
    assert "Firefox on Linux" in str(message.body)
    assert "JST" in str(message.body) or "Asia/Tokyo" in str(message.body)


def test_a_changed_password_is_told_once_and_a_failed_sign_in_is_not(kim: User) -> None:
    browser = Client()
    sign_in(browser)
    browser.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": "a pigeon in the hand"})
    browser.post("/accounts/login/", {"login": "kim@example.com", "password": "not this one"})
    send_due()
    assert [(message.subject, message.to) for message in mail.outbox] == [("Your password was changed", ["kim@example.com"])]


def test_a_password_from_an_operator_is_told_without_the_operators_address(kim: User) -> None:
    operator = Client(REMOTE_ADDR="192.0.2.8")
    operator.force_login(User.objects.create_superuser("operator@example.com"))
    new = {"password1": "a pigeon in the hand", "password2": "a pigeon in the hand", "usable_password": "true"}
    assert operator.post(f"/admin/accounts/user/{kim.pk}/password/", new).status_code == 302
    send_due()
    (message,) = [message for message in mail.outbox if message.to == ["kim@example.com"]]
    assert message.subject == "Your password was changed"
    assert "192.0.2.8" not in message.body


def test_a_changed_address_is_told_to_the_former_one(kim: User) -> None:
    record_security_event(Event.EMAIL_CHANGED, subject_id=kim.pk, details={"from": "old@example.com", "to": "kim@example.com"})
    send_due()
    assert [message.to for message in mail.outbox] == [["old@example.com"]]


def test_what_follows_from_a_passkey_and_what_nobody_needs_to_hear(kim: User) -> None:
    record_security_event(Event.FACTOR_ADDED, subject_id=kim.pk, details={"factor": "Passkey"}, factor="webauthn")
    record_security_event(Event.FACTOR_REMOVED, subject_id=kim.pk, details={"factor": "Authenticator app"})
    record_security_event(Event.FACTOR_REMOVED, subject_id=kim.pk, details={"factor": "Recovery codes"}, factor="recovery_codes")
    record_security_event(Event.SIGNED_OUT, subject_id=kim.pk)
    record_security_event(Event.SIGN_IN_FAILED, subject_id=None)
    assert told() == ["passkey_added", "factor_removed"]


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_is_complete_and_what_people_typed_stays_text(kind: Kind) -> None:
    typed = dict.fromkeys(("device", "ip", "factor", "provider", "email", "from", "to"), HOSTILE)
    typed |= {"due_at": "2026-12-24T12:00:00+00:00", "expires_at": "2026-12-24T12:00:00+00:00", "link": f"{configured.BASE_URL}/a-link"}
    letter = write_letter(kind, typed, name=HOSTILE, time_zone="No/Where", at=timezone.now())
    assert letter.subject
    assert "\n" not in letter.subject
    assert "<script" not in letter.html.lower()
    for part in (letter.text, letter.html):
        assert configured.SITE_NAME in part
        assert f"{configured.BASE_URL}/" in part
        assert "{{" not in part
        assert "{%" not in part
    assert "<h1" in letter.html
    assert "&lt;" not in letter.text
