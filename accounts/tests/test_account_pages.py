"""Every page of one's account is drawn by us, works by keyboard and screen reader, and runs nothing inline."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.messages import get_messages
from django.core import mail
from django.test import Client
from django.urls import URLResolver, get_resolver
from django.utils.regex_helper import normalize

from accounts.models import User
from accounts.tests.conftest import PASSWORD, confirm

SIGNED_OUT = [
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/inactive/",
    "/accounts/confirm-email/",
    "/accounts/confirm-email/nonsense/",
    "/accounts/password/reset/",
    "/accounts/password/reset/done/",
    "/accounts/password/reset/key/0-nonsense/",
    "/accounts/password/reset/key/done/",
]
SIGNED_IN = [
    "/accounts/logout/",
    "/accounts/reauthenticate/",
    "/accounts/email/",
    "/accounts/password/change/",
    "/settings/",
    "/settings/security/",
]


def in_our_frame(html: str) -> None:
    assert re.search(r'href="/static/css/(together-site|tokens)\b[^"]*"', html)
    assert '<a class="skip-link" href="#main">' in html
    assert len(re.findall(r"<h1[ >]", html)) == 1
    assert len(re.findall(r"<main[ >]", html)) == 1
    assert not re.search(r"<style|<script(?![^>]*src=)|\sstyle=|\son\w+=", html)
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    for field in re.findall(r"<(?:input|select|textarea)\b(?![^>]*type=\"(?:hidden|radio)\")(?![^>]*\shidden)[^>]*>", html):
        identifier = re.search(r'\sid="([^"]+)"', field)
        assert identifier is not None
        assert f'<label for="{identifier[1]}">' in html


@pytest.mark.parametrize("path", SIGNED_OUT)
def test_a_page_for_everybody_is_in_our_frame(client: Client, db: None, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 200
    in_our_frame(response.content.decode())


@pytest.mark.parametrize("path", SIGNED_IN)
def test_a_page_for_who_is_signed_in_is_in_our_frame(kims_browser: Client, path: str) -> None:
    response = kims_browser.get(path)
    assert response.status_code == 200
    in_our_frame(response.content.decode())


def test_a_password_is_set_where_there_is_none(kims_browser: Client, kim: User) -> None:
    kim.set_unusable_password()
    kim.save()
    kims_browser.force_login(kim)
    in_our_frame(kims_browser.get("/accounts/password/change/", follow=True).content.decode())
    kims_browser.post("/accounts/password/set/", {"password1": PASSWORD, "password2": PASSWORD})
    kim.refresh_from_db()
    assert kim.check_password(PASSWORD)


def test_changing_the_password_needs_the_present_one_and_keeps_one_signed_in(kims_browser: Client, kim: User) -> None:
    new = {"password1": "a pigeon in the hand", "password2": "a pigeon in the hand"}
    wrong = kims_browser.post("/accounts/password/change/", {"oldpassword": "guess", **new}).content.decode()
    assert "This is not your current password" in wrong
    assert 'id="id_oldpassword_error"' in wrong
    assert kims_browser.post("/accounts/password/change/", {"oldpassword": PASSWORD, **new})["Location"] == "/settings/"
    assert "Your password is changed" in kims_browser.get("/settings/").content.decode()
    kim.refresh_from_db()
    assert kim.check_password("a pigeon in the hand")


def test_a_second_address_is_added_confirmed_and_made_primary(kims_browser: Client, kim: User) -> None:
    confirm(kims_browser)
    page = kims_browser.post("/accounts/email/", {"action_add": "", "email": "Kim@work.example"}, follow=True)
    assert "We sent a confirmation to kim@work.example" in page.content.decode()
    link = re.search(r"/accounts/confirm-email/\S+/", str(mail.outbox[0].body))
    assert link is not None
    in_our_frame(kims_browser.get(link[0]).content.decode())
    kims_browser.post(link[0])
    kims_browser.post("/accounts/email/", {"action_primary": "", "email": "kim@work.example"})
    kim.refresh_from_db()
    assert kim.email == "kim@work.example"


def test_the_primary_address_cannot_be_removed(kims_browser: Client, kim: User) -> None:
    confirm(kims_browser)
    response = kims_browser.post("/accounts/email/", {"action_remove": "", "email": kim.email})
    assert "Make another one primary first" in str(next(iter(get_messages(response.wsgi_request))))
    assert EmailAddress.objects.get().email == kim.email


def test_an_address_of_another_account_is_not_taken_over(kims_browser: Client, kim: User, settings: Any) -> None:
    settings.ACCOUNT_FORMS = settings.ACCOUNT_FORMS | {"add_email": "accounts.forms.AddEmailForm"}
    User.objects.create_user("noa@example.com")
    response = kims_browser.post("/accounts/email/", {"action_add": "", "email": "NOA@example.com"})
    assert "There is an account with this email already" in response.content.decode()
    assert EmailAddress.objects.filter(user=kim).count() == 1


def test_a_password_is_changed_also_when_the_mail_server_is_down(kims_browser: Client, kim: User, settings: Any) -> None:
    change = {"oldpassword": PASSWORD, "password1": "a pigeon in the hand", "password2": "a pigeon in the hand"}
    kims_browser.post("/accounts/password/change/", change)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    back = {"oldpassword": change["password1"], "password1": PASSWORD, "password2": PASSWORD}
    assert kims_browser.post("/accounts/password/change/", back)["Location"] == "/settings/"
    kim.refresh_from_db()
    assert kim.check_password(PASSWORD)


def doors(resolver: Any, prefix: str = "/accounts/") -> Iterator[str]:
    """Every address below /accounts/, with something in place of what it takes."""
    for pattern in resolver.url_patterns:
        [(form, names)] = normalize(pattern.pattern.regex.pattern)[:1]
        path = prefix + form % dict.fromkeys(names, "1")
        yield from doors(pattern, path) if isinstance(pattern, URLResolver) else [path]


def test_no_page_under_accounts_is_the_librarys_own(kim: User, kims_browser: Client, client: Client, settings: Any) -> None:
    confirm(kims_browser)
    TOTP.activate(kim, generate_totp_secret())
    RecoveryCodes.activate(kim)
    seen = set()
    resolvers = [pattern for pattern in get_resolver().url_patterns if str(pattern.pattern) == "accounts/"]
    for path in {path for resolver in resolvers for path in doors(resolver)}:
        for browser in (client, kims_browser):
            answer = browser.get(path)
            if answer.status_code in (200, 401, 404) and answer.headers.get("Content-Type", "").startswith("text/html"):
                seen.add(path)
                in_our_frame(answer.content.decode())
                assert str(answer.templates[0].origin.name).startswith(str(settings.BASE_DIR / "templates")), path
    assert len(seen) >= 15, seen
