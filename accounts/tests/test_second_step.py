"""The second step: an authenticator app and recovery codes. (Passkeys need a browser: tests/browser/test_second_step.py.)"""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.core.cache import cache
from django.test import Client

from accounts.models import User
from accounts.tests.conftest import PASSWORD, confirm
from accounts.tests.test_account_pages import in_our_frame

ACTIVATE, CODES = "/accounts/2fa/totp/activate/", "/accounts/2fa/recovery-codes/"


def code_now(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))


def set_up(browser: Client) -> str:
    """The secret of an authenticator app that is on now."""
    confirm(browser)
    found = re.search(r"data-secret>([A-Z2-7]+)<", browser.get(ACTIVATE).content.decode())
    assert found
    assert browser.post(ACTIVATE, {"code": code_now(found[1])})["Location"] == CODES
    cache.clear()  # the code that set it up is not the one that signs in
    return found[1]


def recovery_codes(browser: Client) -> list[str]:
    return re.findall(r"<code>(\d+)</code>", browser.get(CODES).content.decode())


def sign_in(client: Client, email: str = "kim@example.com") -> Any:
    return client.post("/accounts/login/", {"login": email, "password": PASSWORD})


@pytest.fixture
def protected(kims_browser: Client) -> str:
    return set_up(kims_browser)


def test_it_is_set_up_only_after_the_password_once_more(kims_browser: Client) -> None:
    assert kims_browser.get(ACTIVATE)["Location"].startswith("/accounts/reauthenticate/")
    confirm(kims_browser)
    in_our_frame(kims_browser.get(ACTIVATE).content.decode())


def test_a_wrong_first_code_turns_nothing_on(kims_browser: Client) -> None:
    confirm(kims_browser)
    kims_browser.get(ACTIVATE)
    html = kims_browser.post(ACTIVATE, {"code": "000000"}).content.decode()
    assert "That was not right" in html
    assert not Authenticator.objects.exists()


@pytest.mark.parametrize(
    "path", [CODES, f"{CODES}generate/", "/accounts/2fa/totp/deactivate/", "/accounts/2fa/reauthenticate/", "/settings/security/"]
)
def test_its_pages_are_in_our_frame(kims_browser: Client, protected: str, path: str) -> None:
    in_our_frame(kims_browser.get(path).content.decode())


def test_the_password_alone_opens_nothing_any_more(protected: str, client: Client) -> None:
    assert sign_in(client)["Location"] == "/accounts/2fa/authenticate/"
    assert client.get("/settings/").status_code == 302
    in_our_frame(client.get("/accounts/2fa/authenticate/").content.decode())
    assert client.post("/accounts/2fa/authenticate/", {"code": code_now(protected)})["Location"] == "/c/"
    assert client.get("/settings/").status_code == 200


def test_no_code_works_twice(protected: str, client: Client) -> None:
    code = code_now(protected)
    for browser, expected in ((client, 302), (Client(), 200)):
        sign_in(browser)
        assert browser.post("/accounts/2fa/authenticate/", {"code": code}).status_code == expected


def test_a_recovery_code_works_once(kims_browser: Client, protected: str) -> None:
    codes = recovery_codes(kims_browser)
    assert len(codes) == 10
    for _ in range(2):
        browser = Client()
        sign_in(browser)
        browser.post("/accounts/2fa/authenticate/", {"code": codes[0]})
        cache.clear()
    assert browser.get("/settings/").status_code == 302
    assert codes[0] not in recovery_codes(kims_browser)
    assert "9 of 10 left" in kims_browser.get("/settings/security/").content.decode()


def test_new_recovery_codes_end_the_former_ones(kims_browser: Client, protected: str) -> None:
    former = recovery_codes(kims_browser)
    kims_browser.post(f"{CODES}generate/")
    assert not set(former) & set(recovery_codes(kims_browser))
    text = kims_browser.get(f"{CODES}download/")
    assert text["Content-Disposition"].startswith("attachment")
    assert recovery_codes(kims_browser)[0] in text.content.decode()


def test_the_codes_are_shown_to_nobody_who_has_not_just_proved_to_be_the_owner(kim: User, protected: str) -> None:
    thief = Client()
    thief.force_login(kim)
    for path in (CODES, f"{CODES}download/"):
        assert thief.get(path)["Location"].startswith("/accounts/reauthenticate/")
    assert thief.post("/accounts/2fa/totp/deactivate/")["Location"].startswith("/accounts/reauthenticate/")
    assert Authenticator.objects.count() == 2


def test_the_trail_calls_it_what_its_page_calls_it(kims_browser: Client, django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        set_up(kims_browser)
    trail = kims_browser.get("/settings/activity/").content.decode()
    assert "Second step added" in trail
    assert "Authenticator app" in trail
    assert "TOTP" not in trail


def test_what_the_database_holds_is_no_secret(protected: str) -> None:
    assert protected not in str(list(Authenticator.objects.values_list("data", flat=True)))


def test_removing_it_takes_the_recovery_codes_along(kims_browser: Client, protected: str, client: Client) -> None:
    kims_browser.post("/accounts/2fa/totp/deactivate/")
    assert not Authenticator.objects.exists()
    assert sign_in(client)["Location"] == "/c/"


def test_the_admin_asks_for_the_second_step_too(kims_browser: Client, protected: str, client: Client) -> None:
    User.objects.update(is_staff=True, is_superuser=True)
    assert client.get("/admin/", follow=True).redirect_chain[-1][0].startswith("/accounts/login/?next=")
    assert sign_in(client)["Location"] == "/accounts/2fa/authenticate/"
    assert client.get("/admin/").status_code == 302


def test_the_librarys_own_overviews_lead_to_the_security_page(kims_browser: Client) -> None:
    for path in ("/accounts/2fa/", "/accounts/2fa/webauthn/"):
        assert kims_browser.get(path)["Location"] == "/settings/security/"


def test_after_five_wrong_codes_even_the_right_one_waits(protected: str, client: Client) -> None:
    sign_in(client)
    for number in range(5):
        client.post("/accounts/2fa/authenticate/", {"code": f"{number:06}"})
    html = client.post("/accounts/2fa/authenticate/", {"code": code_now(protected)})
    assert "Too many attempts" in html.content.decode()


NO_PASSKEYS = ["", "null", "[]", "[1]", '"x"', "{}", '{"id": 1}', '{"id": "x"}']
NO_PASSKEYS += ['{"id": "eA", "rawId": "eA", "type": "public-key", "response": {}}']
NO_PASSKEYS += [
    '{"id": "eA", "rawId": "eA", "type": "public-key", "response": {"userHandle": "MQ", "clientDataJSON": "e30", "signature": ""}}'
]


@pytest.mark.parametrize("credential", NO_PASSKEYS)
def test_what_is_no_passkey_opens_nothing(kim: User, client: Client, credential: str) -> None:
    client.get("/accounts/2fa/webauthn/login/", headers={"Accept": "application/json"})
    answer = client.post("/accounts/2fa/webauthn/login/", {"credential": credential})
    assert answer["Location"] == "/accounts/login/"
    assert "_auth_user_id" not in client.session
    in_our_frame(_as_the_second_step(kim, credential).content.decode())


def _as_the_second_step(kim: User, credential: str) -> Any:
    TOTP.activate(kim, generate_totp_secret())
    browser = Client()
    sign_in(browser)
    browser.get("/accounts/2fa/authenticate/")
    return browser.post("/accounts/2fa/authenticate/", {"credential": credential})


@pytest.mark.parametrize("credential", NO_PASSKEYS)
def test_what_is_no_passkey_is_not_added(kims_browser: Client, credential: str) -> None:
    confirm(kims_browser)
    kims_browser.get("/accounts/2fa/webauthn/add/")
    answer = kims_browser.post("/accounts/2fa/webauthn/add/", {"name": "x", "credential": credential})
    in_our_frame(answer.content.decode())
    assert not Authenticator.objects.exists()
