"""Signing in and out."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from accounts.models import User
from accounts.tests.conftest import PASSWORD


def sign_in(client: Client, email: str = "kim@example.com", password: str = PASSWORD, **more: str) -> Any:
    return client.post("/accounts/login/", {"login": email, "password": password, **more})


@pytest.mark.parametrize("email", ["kim@example.com", "KIM@EXAMPLE.COM"])
def test_the_right_pair_opens_the_conversations(kim: User, client: Client, email: str) -> None:
    assert sign_in(client, email)["Location"] == "/c/"


def test_one_goes_on_to_where_one_wanted_to_be(kim: User, client: Client) -> None:
    assert sign_in(client, next="/usage/")["Location"] == "/usage/"


def test_but_not_to_another_site(kim: User, client: Client) -> None:
    assert sign_in(client, next="https://example.org/")["Location"] == "/c/"


def test_remembered_the_cookie_outlives_the_browser(kim: User, client: Client) -> None:
    sign_in(client, remember="on")
    assert client.cookies[settings.SESSION_COOKIE_NAME]["max-age"] == settings.SESSION_COOKIE_AGE


def test_not_remembered_the_cookie_ends_with_the_browser(kim: User, client: Client) -> None:
    sign_in(client)
    assert client.cookies[settings.SESSION_COOKIE_NAME]["max-age"] == ""
    assert client.session.get_expire_at_browser_close()


@pytest.mark.parametrize(("email", "password"), [("kim@example.com", "wrong"), ("nobody@example.com", PASSWORD)])
def test_a_wrong_pair_gets_the_same_words_at_the_password(kim: User, client: Client, email: str, password: str) -> None:
    html = sign_in(client, email, password).content.decode()
    assert "This email and password do not belong together" in html
    field = re.search(r"<input[^>]*name=\"password\"[^>]*>", html)
    assert field is not None
    assert "autofocus" in field[0]
    assert 'aria-describedby="id_password_error"' in field[0]
    assert "_auth_user_id" not in client.session


def test_after_five_wrong_attempts_even_the_right_password_waits(kim: User, client: Client) -> None:
    for _ in range(5):
        sign_in(client, password="wrong")
    assert "Too many attempts" in sign_in(client).content.decode()


def test_an_account_that_is_switched_off_says_so(kim: User, client: Client) -> None:
    User.objects.update(is_active=False)
    assert sign_in(client)["Location"] == "/accounts/inactive/"
    assert "This account is switched off" in client.get("/accounts/inactive/").content.decode()


def test_the_page_has_the_names_that_people_rely_on(client: Client) -> None:
    html = client.get("/accounts/login/").content.decode()
    assert '<label for="id_login">Email</label>' in html
    assert '<label for="id_password">Password</label>' in html
    assert '<label for="id_remember">Remember me</label>' in html
    assert re.search(r'<input type="email"[^>]*autocomplete="email"', html)
    assert re.search(r'<input type="password"[^>]*autocomplete="current-password"', html)
    assert re.search(r"<button[^>]*>Sign in</button>", html)


def test_signing_out_leads_to_the_landing_page(kims_browser: Client) -> None:
    assert kims_browser.post("/accounts/logout/")["Location"] == "/"
    assert "_auth_user_id" not in kims_browser.session


def test_a_link_alone_signs_nobody_out(kims_browser: Client) -> None:
    assert re.search(r"<button[^>]*>Sign out</button>", kims_browser.get("/accounts/logout/").content.decode())
    assert "_auth_user_id" in kims_browser.session


def test_signing_in_and_out_is_not_announced(kim: User, client: Client) -> None:
    sign_in(client)
    assert b'class="notice' not in client.get("/settings/").content
