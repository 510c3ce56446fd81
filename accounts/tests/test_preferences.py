"""The settings page: name, theme, language and time zone, by a plain form."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import User
from accounts.services import remember_model

CHOSEN = {"name": "Kim L.", "theme": "dark", "language": "en-gb", "time_zone": "Europe/Brussels"}


def test_what_one_chooses_is_kept(kims_browser: Client, kim: User) -> None:
    assert kims_browser.post("/settings/", CHOSEN)["Location"] == "/settings/"
    kim.refresh_from_db()
    assert (kim.name, kim.theme, kim.language, kim.time_zone) == ("Kim L.", "dark", "en-gb", "Europe/Brussels")
    assert "Your settings are saved" in kims_browser.get("/settings/").content.decode()


def test_the_server_sets_the_theme_so_that_nothing_flashes(kims_browser: Client) -> None:
    assert '<html lang="en" data-theme="system">' in kims_browser.get("/settings/").content.decode()
    kims_browser.post("/settings/", CHOSEN)
    html = kims_browser.get("/settings/").content.decode()
    assert '<html lang="en-gb" data-theme="dark">' in html
    assert '<meta name="theme-color" content="#12171b">' in html


def test_the_theme_stays_on_this_device_after_signing_out(kims_browser: Client) -> None:
    kims_browser.post("/settings/", CHOSEN)
    kims_browser.post("/accounts/logout/")
    assert 'data-theme="dark"' in kims_browser.get("/").content.decode()


def test_a_theme_cookie_that_somebody_made_up_does_no_harm(client: Client, db: None) -> None:
    client.cookies["theme"] = '"><script>alert(1)</script>'
    assert "<script>alert" not in client.get("/").content.decode()


@pytest.mark.parametrize(("field", "value"), [("theme", "pink"), ("time_zone", "Mars/Olympus"), ("language", "de"), ("name", "k" * 121)])
def test_what_cannot_be_is_refused_at_its_field(kims_browser: Client, kim: User, field: str, value: str) -> None:
    response = kims_browser.post("/settings/", {**CHOSEN, field: value})
    assert response.status_code == 422
    assert f'id="id_{field}_error"' in response.content.decode()
    kim.refresh_from_db()
    assert kim.theme == "system"


def test_the_page_leads_to_password_usage_and_out(kims_browser: Client) -> None:
    html = kims_browser.get("/settings/").content.decode()
    for needed in ('href="/settings/security/"', 'href="/accounts/email/"', 'href="/usage/"', 'action="/accounts/logout/"'):
        assert needed in html


def test_who_is_not_signed_in_is_asked_to(client: Client, db: None) -> None:
    assert client.get("/settings/")["Location"] == "/accounts/login/?next=/settings/"


def test_the_model_chosen_last_is_remembered(kim: User) -> None:
    remember_model(kim.pk, "anthropic:claude")
    remember_model(kim.pk, "openai:gpt")
    kim.refresh_from_db()
    assert kim.last_model_key == "openai:gpt"
