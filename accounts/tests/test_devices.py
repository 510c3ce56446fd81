"""Where one is signed in, and how that ends."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.devices import device_name
from accounts.models import DeviceSession, User
from accounts.selectors.devices import devices_of
from accounts.tests.conftest import PASSWORD

CHROME, SAFARI = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0", "AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1"
PHONE = f"Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) {SAFARI} Mobile/15E148 Safari/604.1"
AGENTS = {
    "Chrome on Windows": f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {CHROME} Safari/537.36",
    "Edge on Windows": f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {CHROME} Safari/537.36 Edg/141.0",
    "Firefox on Linux": "Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0",
    "Safari on macOS": f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {SAFARI} Safari/605.1.15",
    "Safari on iPhone": PHONE,
    "Chrome on Android": f"Mozilla/5.0 (Linux; Android 10; K) {CHROME} Mobile Safari/537.36",
    "A browser on Linux": "Something/1.0 (Linux)",
    "An unknown browser": "",
}


@pytest.fixture
def kims_phone(kim: User) -> Client:
    phone = Client(headers={"User-Agent": PHONE})
    assert phone.post("/accounts/login/", {"login": kim.email, "password": PASSWORD}).status_code == 302
    return phone


def alive(client: Client) -> bool:
    return client.get("/settings/").status_code == 200


@pytest.mark.parametrize(("name", "agent"), AGENTS.items())
def test_a_browser_is_called_what_people_call_it(name: str, agent: str) -> None:
    assert device_name(agent) == name


def test_the_page_lists_every_device_with_this_one_first(kim: User, kims_browser: Client, kims_phone: Client) -> None:
    html = kims_browser.get("/settings/security/").content.decode()
    assert html.index("This device") < html.index("Safari on iPhone")
    assert html.count("Active now") == 2
    assert "Sign out all other devices" in html
    assert str(kims_phone.session.session_key) not in html


def test_a_use_is_noted_when_the_last_one_is_some_minutes_ago(kim: User, kims_browser: Client) -> None:
    long_ago = timezone.now() - timedelta(hours=3)
    DeviceSession.objects.update(last_seen_at=long_ago)
    (device,) = devices_of(kim.pk, None)
    assert not device.active
    alive(kims_browser)
    assert devices_of(kim.pk, None)[0].active


def test_one_device_is_signed_out_and_no_other(kim: User, kims_browser: Client, kims_phone: Client) -> None:
    phone = devices_of(kim.pk, kims_browser.session.session_key)[1]
    assert kims_browser.post(f"/settings/security/devices/{phone.id}/sign-out/")["Location"] == "/settings/security/"
    assert not alive(kims_phone)
    assert alive(kims_browser)


def test_signing_this_device_out_there_is_signing_out(kim: User, kims_browser: Client) -> None:
    (here,) = devices_of(kim.pk, kims_browser.session.session_key)
    assert kims_browser.post(f"/settings/security/devices/{here.id}/sign-out/")["Location"] == "/"
    assert not alive(kims_browser)


def test_all_others_are_signed_out_at_once(kim: User, kims_browser: Client, kims_phone: Client) -> None:
    page = kims_browser.post("/settings/security/devices/sign-out-others/", follow=True)
    assert b"One other device is signed out." in page.content
    assert not alive(kims_phone)


def test_nobody_signs_out_a_device_of_somebody_else(kims_phone: Client, kim: User) -> None:
    stranger = Client()
    stranger.force_login(User.objects.create_user("noa@example.com"))
    (phone,) = devices_of(kim.pk, None)
    assert stranger.post(f"/settings/security/devices/{phone.id}/sign-out/").status_code == 404
    assert alive(kims_phone)


def test_a_new_password_ends_every_other_session(kim: User, kims_browser: Client, kims_phone: Client) -> None:
    new = {"oldpassword": PASSWORD, "password1": "a pigeon in the hand"}
    assert kims_browser.post("/accounts/password/change/", new).status_code == 302
    assert alive(kims_browser)
    assert not alive(kims_phone)
    assert [device.current for device in devices_of(kim.pk, kims_browser.session.session_key)] == [True]


def test_a_session_of_nobody_is_in_no_list(client: Client, kim: User) -> None:
    client.get("/accounts/login/")
    assert devices_of(kim.pk, None) == []


def test_signing_in_takes_a_new_key_and_leaves_the_former_one_worthless(kim: User) -> None:
    client = Client()
    client.post("/accounts/login/", {"login": kim.email, "password": PASSWORD})
    former = client.session.session_key
    client.post("/accounts/login/", {"login": kim.email, "password": PASSWORD})
    client.post("/accounts/logout/")
    assert not DeviceSession.objects.filter(session_key=former).exists()
