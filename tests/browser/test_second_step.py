"""Authenticator app and passkeys in a real browser, on a site with a name: passkeys belong to one."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from allauth.mfa.totp.internal.auth import hotp_value
from playwright.sync_api import CDPSession, Page, expect

from tests.browser.conftest import forget_attempts
from tests.browser.contexts import Contexts
from tests.browser.person import PASSWORD, Person
from tests.browser.test_every_page import faults
from tests.stack import Stack, wait_until

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def person(contexts: Contexts, stack: Stack) -> Iterator[Person]:
    forget_attempts(stack)
    somebody = Person(contexts, stack, host="localhost")
    yield somebody
    somebody.leave()


@pytest.fixture
def device(person: Person) -> CDPSession:
    """A device that keeps passkeys and opens them with a finger."""
    session = person.context.new_cdp_session(person.chat.page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    return session


def press(page: Page, name: str) -> None:
    """By keyboard alone."""
    button = page.get_by_role("button", name=name, exact=True).or_(page.get_by_role("link", name=name, exact=True))
    button.focus()
    page.keyboard.press("Enter")


def heading(page: Page, name: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    page.emulate_media(color_scheme="light")
    assert faults(page) == []


def confirm(page: Page) -> None:
    heading(page, "Is it you?")
    page.locator("input[type=password]").fill(PASSWORD)
    press(page, "Confirm")


def sign_out(person: Person) -> Page:
    person.context.clear_cookies()
    person.chat.page.goto("/accounts/login/")
    return person.chat.page


def sign_in(person: Person) -> Page:
    page = sign_out(person)
    page.get_by_label("Email").fill(person.email)
    page.locator("input[type=password]").fill(PASSWORD)
    press(page, "Sign in")
    return page


def test_a_passkey_signs_in_alone_is_a_second_step_and_proves_who_one_is(person: Person, device: CDPSession) -> None:
    page = person.chat.page
    page.goto("/settings/security/")
    press(page, "Add a passkey")
    confirm(page)
    heading(page, "Add a passkey")
    expect(page.get_by_label("Name")).to_have_value("Chrome on Linux")
    page.get_by_label("Name").fill("My laptop")
    press(page, "Add passkey")
    heading(page, "Recovery codes")  # they come with the first passkey
    codes = page.get_by_role("list", name="Unused codes").get_by_role("listitem").all_inner_texts()
    assert len(codes) == 10

    page = sign_out(person)
    heading(page, "Welcome back")
    press(page, "Use a passkey")
    page.wait_for_url("**/c/")

    page = sign_in(person)
    heading(page, "One more step")
    press(page, "Use a passkey")
    page.wait_for_url("**/c/")

    page = sign_in(person)
    page.get_by_label("Code").fill(codes[0])
    press(page, "Continue")
    page.wait_for_url("**/c/")

    page.goto("/settings/security/")
    heading(page, "Security")
    expect(page.get_by_text("9 of 10 left")).to_be_visible()
    press(page, "Remove My laptop")
    press(page, "Use a passkey")
    heading(page, "Is it you?")
    press(page, "Use a passkey")
    heading(page, "Remove the passkey “My laptop”?")
    press(page, "Keep it")
    press(page, "Rename My laptop")
    heading(page, "Rename a passkey")
    page.get_by_label("Name").fill("Old laptop")
    press(page, "Save")
    press(page, "Remove Old laptop")
    press(page, "Remove")
    expect(page.get_by_text("The passkey is removed.")).to_be_visible()
    expect(page.get_by_text("left, for when nothing else")).to_have_count(0)


def test_what_a_person_calls_off_is_said_and_can_be_tried_again(person: Person, device: CDPSession) -> None:
    page = sign_out(person)
    press(page, "Use a passkey")  # the device knows none
    expect(page.get_by_role("alert")).to_have_text("That was cancelled, or it took too long. Please try again.")
    expect(page.get_by_role("button", name="Use a passkey")).to_be_enabled()
    page.locator("form[data-passkey]").evaluate("form => { form.elements.credential.value = '[1]'; form.submit(); }")
    heading(page, "Welcome back")
    expect(page.get_by_text("That was not right.")).to_be_visible()  # what the server does not know either


def test_an_authenticator_app_is_set_up_used_and_removed(person: Person) -> None:
    page = person.chat.page
    page.goto("/settings/security/")
    press(page, "Set up an authenticator app")
    confirm(page)
    heading(page, "Set up an authenticator app")
    secret = page.locator("[data-secret]").inner_text()
    first = _code(secret)
    page.get_by_label("Code").fill(first)
    press(page, "Turn on")
    heading(page, "Recovery codes")
    page = sign_in(person)
    wait_until(lambda: _code(secret) != first, "the next code", 40)
    page.get_by_label("Code").fill(_code(secret))
    press(page, "Continue")
    page.wait_for_url("**/c/")
    page.goto("/settings/security/")
    press(page, "Remove the authenticator app")
    confirm(page)
    heading(page, "Remove the authenticator app?")
    press(page, "Remove")
    expect(page.get_by_text("The authenticator app is removed.")).to_be_visible()


def _code(secret: str) -> str:
    return f"{hotp_value(secret, int(time.time()) // 30):06}"
