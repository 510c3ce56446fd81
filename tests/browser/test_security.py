"""The security page in a real browser: devices that are signed out."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote, urlsplit

from playwright.sync_api import expect

from tests.browser.person import PASSWORD, Chat, Person


def sign_in(person: Person, chat: Chat) -> None:
    chat.page.goto("/accounts/login/")
    chat.page.get_by_label("Email").fill(person.email)
    chat.page.locator("input[type=password]").fill(PASSWORD)
    chat.page.get_by_role("button", name="Sign in", exact=True).click()
    chat.page.wait_for_url("**/c/")


def test_a_device_that_is_signed_out_from_another_one_hears_it_at_once(sign_up: Callable[..., Person]) -> None:
    here, there = sign_up(), sign_up()
    there.context.clear_cookies()
    sign_in(here, there.chat)
    there.chat.wait_connected()
    page = here.chat.page
    page.goto("/settings/")
    page.get_by_role("link", name="Security").first.click()
    expect(page.get_by_role("heading", name="Where you are signed in")).to_be_visible()
    expect(page.get_by_text("This device")).to_have_count(1)
    page.get_by_role("button", name="Sign out all other devices").click()
    expect(page.get_by_text("One other device is signed out.")).to_be_visible()
    expect(there.chat.page.get_by_text("You are signed out.")).to_be_visible()
    back = f"/accounts/login/?next={quote(urlsplit(there.chat.page.url).path, safe='')}"
    expect(there.chat.page.get_by_role("link", name="Sign in")).to_have_attribute("href", back)
    there.chat.page.reload()
    expect(there.chat.page.get_by_role("heading", name="Welcome back")).to_be_visible()


def test_a_new_password_keeps_the_open_conversation_of_this_browser_live(sign_up: Callable[..., Person]) -> None:
    person = sign_up()
    person.chat.ask("hello [[say:hi]]")
    settings = person.open("/accounts/password/change/").page
    settings.get_by_label("Current password").fill(PASSWORD)
    settings.get_by_label("New password").fill("another-long-secret-8")
    settings.get_by_role("button", name="Save password").click()
    expect(settings.get_by_text("Your password is changed")).to_be_visible()
    person.chat.wait_connected()
    person.chat.ask("and now? [[say:still here]]")
    person.chat.wait_text("still here")
