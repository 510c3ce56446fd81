"""Dates and times as a person writes them, on every page, and only for them; all texts stay English."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.conf import settings as site
from django.contrib.humanize.templatetags.humanize import intcomma
from django.test import Client
from django.utils import timezone, translation

from accounts.languages import language_choices
from accounts.models import DataExport, DeviceSession, User

AFTERNOON = datetime(2026, 10, 25, 14, 30, tzinfo=UTC)
WRITTEN = {
    "": "Oct. 25, 2026, 2:30 p.m.",
    "en": "Oct. 25, 2026, 2:30 p.m.",
    "en-au": "25 Oct 2026, 2:30 p.m.",
    "en-ca": "25 Oct 2026, 2:30 p.m.",
    "en-gb": "25 Oct 2026, 14:30",
    "en-ie": "25 Oct 2026, 14:30",
    "de": "Oct. 25, 2026, 2:30 p.m.",  # nothing that one can choose (any more)
}


MONTHS = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
DATES = rf"\S*\d\S*|\b({MONTHS})\w*\.?|[ap]\.m\.|\b(noon|midnight)\b|\s+"


def text_of(response: Any) -> str:
    assert response.status_code == 200
    text: str = response.content.decode()
    return text


def test_every_language_on_offer_has_a_date() -> None:
    assert set(WRITTEN) - {"", "de"} == {code for code, _ in site.LANGUAGES}
    offered = dict(language_choices())
    assert offered[""] == "The site's own: English (US)"
    assert offered["en-gb"] == "English (UK) · 31 Dec 2026, 16:00"


@pytest.mark.parametrize(("language", "written"), WRITTEN.items())
def test_what_happened_and_when_is_written_as_the_person_writes(kims_browser: Client, kim: User, language: str, written: str) -> None:
    DataExport.objects.create(user=kim, state="ready", expires_at=AFTERNOON)
    User.objects.update(language=language)
    page = text_of(kims_browser.get("/settings/data/"))
    assert f"there until {written}</span>" in page
    assert f'<html lang="{language if language in dict(site.LANGUAGES) else "en"}"' in page


def test_the_zone_counts_on_every_page_of_the_account(kims_browser: Client, kim: User) -> None:
    """Also where a page does not ask who acts: the security page, and that of one's data."""
    User.objects.update(language="en-ie", time_zone="Asia/Tokyo")
    DeviceSession.objects.update(signed_in_at=datetime(2026, 10, 25, 20, 0, tzinfo=UTC))
    DataExport.objects.create(user=kim, state="ready", expires_at=datetime(2026, 10, 25, 20, 0, tzinfo=UTC))
    assert "signed in on 26 Oct 2026" in text_of(kims_browser.get("/settings/security/"))
    assert "there until 26 Oct 2026, 05:00" in text_of(kims_browser.get("/settings/data/"))


def test_nobody_else_gets_it(kims_browser: Client, kim: User) -> None:
    User.objects.update(language="en-gb", time_zone="Asia/Tokyo")
    assert '<html lang="en-gb"' in text_of(kims_browser.get("/settings/"))
    assert translation.get_language() == "en"
    assert timezone.get_current_timezone_name() == "UTC"
    assert '<html lang="en"' in text_of(Client().get("/accounts/login/"))


def test_numbers_are_the_same_for_everybody_who_looks_at_an_answer() -> None:
    written = set()
    for code, _ in site.LANGUAGES:
        with translation.override(code):
            written.add((intcomma(1234567), str(intcomma(1234.5))))
    assert written == {("1,234,567", "1,234.5")}


@pytest.mark.parametrize("path", ["/settings/", "/settings/security/", "/settings/data/", "/accounts/email/", "/usage/"])
def test_no_page_is_half_translated(kims_browser: Client, kim: User, path: str) -> None:
    """But for dates, times, and what was chosen, a page has the same words in every language."""

    def words(language: str) -> str:
        User.objects.update(language=language)
        page = text_of(kims_browser.get(path))
        page = re.sub(r'(?s)<select name="language".*?</select>|<[^>]*>', " ", page)
        return re.sub(DATES, "", page)

    assert len({words(code) for code, _ in site.LANGUAGES}) == 1


def test_a_field_that_is_wrong_is_named_in_english(kims_browser: Client, kim: User, settings: Any) -> None:
    for code, _ in site.LANGUAGES:
        User.objects.update(language=code)
        page = kims_browser.post("/settings/", {"theme": "pink"}).content.decode()
        assert "Select a valid choice. pink is not one of the available choices." in page
