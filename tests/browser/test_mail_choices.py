"""What mails lead to, in a real browser: choices, the way out of a mail, the way back into an account. With scripts and without."""

from __future__ import annotations

import email
import re
from collections.abc import Callable
from email import policy

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.person import PASSWORD, Person
from tests.browser.test_every_page import faults
from tests.stack import Stack

PHONE = {"width": 390, "height": 844}


def send(stack: Stack) -> None:
    """What the worker does, which this stack has not."""
    stack.manage("shell", "-c", "from notifications.services import send_due; send_due()")


def mail_to(stack: Stack, address: str, subject: str) -> str:
    """The text of the one that was sent last."""
    found = []
    for path in sorted((stack.folder / "var/mail").iterdir(), key=lambda one: one.stat().st_mtime):
        for part in path.read_bytes().split(b"\n" + b"-" * 79 + b"\n"):
            message = email.message_from_bytes(part.lstrip(b"\n"), policy=policy.default)
            body = message.get_body(("plain",))
            if message["To"] == address and message["Subject"] == subject and body is not None:
                found.append(body.get_content())
    assert found, f"no mail to {address} about {subject}"
    return str(found[-1])


def link_in(text: str, path: str) -> str:
    found = re.search(rf"https?://\S+({path}\S+)", text)
    assert found is not None, text
    return found[1]


@pytest.fixture(params=[True, False], ids=["scripts", "plain"])
def somebody(request: pytest.FixtureRequest, sign_up: Callable[..., Person]) -> Person:
    return sign_up(viewport=PHONE, java_script_enabled=request.param)


def test_topics_are_chosen_and_a_mail_has_a_way_out_and_back(somebody: Person, stack: Stack, chromium: Browser) -> None:
    page = somebody.chat.page
    page.goto("/settings/notifications/")
    expect(page.get_by_role("heading", name="Notifications")).to_be_visible()
    page.get_by_label("Exports that are ready").uncheck()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Your choices are saved.")).to_be_visible()
    expect(page.get_by_label("Exports that are ready")).not_to_be_checked()
    expect(page.get_by_label("Warnings about limits")).to_be_checked()
    _expect_clean(somebody, page.url, chromium)

    send(stack)
    page.context.clear_cookies()
    page.goto(link_in(mail_to(stack, somebody.email, "Welcome to AI Chat Platform"), "/settings/notifications/stop/"))
    address = page.url
    _expect_clean(somebody, address, chromium)
    page.get_by_role("button", name="Stop these mails").click()
    expect(page.get_by_role("heading", name="No more of these mails")).to_be_visible()
    _expect_clean(somebody, address, chromium)
    page.get_by_role("button", name="Let them come again").click()
    expect(page.get_by_text("These mails come again.")).to_be_visible()


def test_an_account_that_was_taken_over_is_taken_back(somebody: Person, stack: Stack, chromium: Browser) -> None:
    thief = somebody.chat.page
    thiefs_address = f"thief-{somebody.email}"
    thief.goto("/accounts/email/")
    thief.get_by_label("Email").fill(thiefs_address)
    thief.get_by_role("button", name="Add address").click()
    thief.locator("input[type=password]").fill(PASSWORD)
    thief.get_by_role("button", name="Confirm", exact=True).click()
    thief.get_by_role("button", name=f"Make {thiefs_address} the primary address").click()
    expect(thief.get_by_text("This is your primary address now.")).to_be_visible()
    send(stack)
    link = link_in(mail_to(stack, somebody.email, "Your email address was changed"), "/accounts/email/back/")

    owner = chromium.new_context(base_url=stack.url, viewport=PHONE, java_script_enabled=_scripts(somebody))  # type: ignore[arg-type]
    page = owner.new_page()
    page.goto(link)
    expect(page.get_by_role("heading", name="Take your account back?")).to_be_visible()
    _expect_clean(somebody, page.url, chromium)
    page.get_by_role("button", name="Take my account back").click()
    expect(page.get_by_text("Your account is yours again.")).to_be_visible()
    page.locator("input[type=password]").fill("a-new-long-secret-9")
    page.get_by_role("button", name="Save password").click()
    expect(page.get_by_role("heading", name="Your password is changed")).to_be_visible()
    page.goto("/accounts/login/")
    page.get_by_label("Email").fill(somebody.email)
    page.locator("input[type=password]").fill("a-new-long-secret-9")
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/c/")
    thief.goto("/settings/")
    expect(thief.get_by_role("heading", name="Welcome back")).to_be_visible()
    page.goto(link)
    expect(page.get_by_role("heading", name="This link does not work any more")).to_be_visible()
    _expect_clean(somebody, page.url, chromium)
    owner.close()


def _scripts(person: Person) -> bool:
    return bool(person.chat.page.evaluate("() => matchMedia('(scripting: enabled)').matches"))


def _expect_clean(person: Person, address: str, chromium: Browser) -> None:
    """axe needs scripts, so it looks at the same page in another window with the same cookies."""
    with_scripts = chromium.new_context(viewport=PHONE, storage_state=person.context.storage_state())  # type: ignore[arg-type]
    page = with_scripts.new_page()
    page.goto(address)
    found = faults(page)
    with_scripts.close()
    assert found == []
