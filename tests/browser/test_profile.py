"""One's picture and one's way to write dates, in a real browser: by plain forms, without violations, on a phone too."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from accounts.tests import picture_files as files
from tests.browser.person import Person
from tests.browser.test_accessibility import PHONE
from tests.browser.test_every_page import faults


def send(page: Page, content: bytes, name: str = "me.jpg") -> None:
    page.goto("/settings/")
    file: Any = {"name": name, "mimeType": "image/jpeg", "buffer": content}
    page.get_by_label("Choose a picture").set_input_files(file)
    page.get_by_role("button", name="Save picture").click()


def expect_drawn(picture: Locator) -> None:
    """There, and a picture indeed: 256 pixels wide."""
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") == 256


def test_a_picture_is_sent_seen_beside_the_chats_and_removed(person: Person) -> None:
    page = person.chat.page
    account = page.locator("details.account > summary")
    expect(account.locator("svg")).to_be_visible()
    send(page, files.photo(6))
    expect(page.get_by_text("Your picture is changed.")).to_be_visible()
    expect_drawn(page.get_by_role("img", name="Your picture"))
    expect_drawn(page.locator(".side-me img"))
    assert faults(page) == []
    page.goto("/c/")
    expect_drawn(account.locator("img"))
    expect(account.locator("svg")).to_have_count(0)
    assert faults(page) == []
    page.goto("/settings/")
    page.get_by_role("button", name="Remove picture").click()
    expect(page.get_by_text("Your picture is removed.")).to_be_visible()
    expect(page.locator("img.picture")).to_have_count(0)
    page.goto("/c/")
    expect(account.locator("svg")).to_be_visible()


def test_what_is_no_picture_is_refused_where_it_was_chosen(person: Person) -> None:
    page = person.chat.page
    send(page, b"<svg xmlns='http://www.w3.org/2000/svg'/>", "me.svg")
    field = page.get_by_label("Choose a picture")
    expect(field).to_have_accessible_description(re.compile("^We could not read that as a picture.+at most 5 MB"))
    expect(field).to_be_focused()
    assert faults(page) == []


@pytest.mark.parametrize("device", [{}, PHONE], ids=["desktop", "phone"])
def test_it_all_works_without_javascript(sign_up: Callable[..., Person], device: dict[str, Any]) -> None:
    page = sign_up(java_script_enabled=False, **device).chat.page
    send(page, files.encoded(files.plain(), "GIF"))
    expect(page.get_by_text("Your picture is changed.")).to_be_visible()
    expect(page.get_by_role("img", name="Your picture")).to_be_visible()
    page.get_by_label("Language").select_option("en-ie")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Your settings are saved.")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "en-ie")
    page.get_by_role("button", name="Remove picture").click()
    expect(page.get_by_text("Your picture is removed.")).to_be_visible()
