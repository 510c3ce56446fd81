"""One's own account with the keyboard alone, at 390 and 1280 px: profile, picture, addresses, password, devices, activity."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import FileChooser, expect

from accounts.tests import picture_files as files
from tests.browser.keys import WIDTHS, Keys
from tests.browser.person import PASSWORD, Person
from tests.browser.test_security import sign_in
from tests.stack import Stack, wait_until

pytestmark = WIDTHS
NEW_PASSWORD = "another-long-secret-8"


def from_the_top(keys: Keys, heading: str) -> None:
    """On a page that has just been loaded: its first stop leads past the navigation."""
    expect(keys.title).to_have_text(heading)
    keys.press("Tab")
    assert keys.name() == "Skip to content"
    keys.press("Enter")


def prove(keys: Keys) -> None:
    """The password once more, into the field that has the focus."""
    expect(keys.page.get_by_role("heading", name="Is it you?")).to_be_visible()
    expect(keys.page.get_by_label("Password", exact=True)).to_be_focused()
    keys.type(PASSWORD)
    keys.press("Enter")


def said(keys: Keys, text: str) -> None:
    expect(keys.page.get_by_text(text)).to_be_visible()


def test_name_theme_and_language_are_chosen_and_kept(keys: Keys) -> None:
    keys.page.goto("/settings/")
    from_the_top(keys, "Settings")
    keys.to("Name", "Tab")
    keys.type("Kim the First")
    keys.to("Language", "Tab")
    keys.type("English (I")
    keys.use("Save", "Tab")
    said(keys, "Your settings are saved.")
    expect(keys.page.locator("html")).to_have_attribute("lang", "en-ie")
    expect(keys.page.get_by_label("Name", exact=True)).to_have_value("Kim the First")


def test_a_picture_is_chosen_refused_sent_and_removed(keys: Keys) -> None:
    choosers: list[FileChooser] = []
    keys.page.on("filechooser", lambda chooser: choosers.append(chooser))

    def choose(content: bytes) -> None:
        before = len(choosers)
        keys.to("Choose a picture", "Tab")
        keys.press("Enter")
        # Waiting in the page lets its events come.
        wait_until(lambda: len(choosers) > before, "the dialog that chooses a file", 20, lambda: keys.page.wait_for_timeout(50))
        file: Any = {"name": "me.jpg", "mimeType": "image/jpeg", "buffer": content}
        choosers[-1].set_files(file)
        keys.use("Save picture", "Tab")

    keys.page.goto("/settings/")
    from_the_top(keys, "Settings")
    choose(b"no picture")
    said(keys, "We could not read that as a picture")
    expect(keys.page.get_by_label("Choose a picture")).to_be_focused()
    keys.press("Shift+Tab")
    choose(files.photo(6))
    said(keys, "Your picture is changed.")
    expect(keys.page.get_by_role("img", name="Your picture")).to_be_visible()
    from_the_top(keys, "Settings")
    keys.use("Remove picture", "Tab")
    said(keys, "Your picture is removed.")


def test_an_address_is_added_refused_made_primary_and_removed(keys: Keys, stack: Stack) -> None:
    second = keys.person.email.replace("@", "-second@")
    keys.page.goto("/accounts/email/")
    from_the_top(keys, "Email addresses")
    keys.to("Email", "Tab")
    keys.type("no address")
    keys.press("Enter")
    said(keys, "Enter a valid email address.")
    expect(keys.page.get_by_label("Email")).to_be_focused()
    keys.press("Control+a")
    keys.type(second)
    keys.press("Enter")
    prove(keys)
    expect(keys.page.get_by_role("listitem").filter(has_text=second)).to_contain_text("Not confirmed")
    stack.manage(
        "shell",
        "-c",
        f"from allauth.account.models import EmailAddress; EmailAddress.objects.filter(email='{second}').update(verified=True)",
    )
    keys.page.reload()
    from_the_top(keys, "Email addresses")
    keys.use(f"Make {second} the primary address", "Tab")
    expect(keys.page.get_by_role("listitem").filter(has_text=second)).to_contain_text("Primary")
    from_the_top(keys, "Email addresses")
    keys.use(f"Remove {keys.person.email}", "Tab")
    expect(keys.page.get_by_role("main").get_by_role("listitem")).to_have_count(1)


def test_a_new_password_is_shown_refused_and_set(keys: Keys) -> None:
    keys.page.goto("/settings/security/")
    from_the_top(keys, "Security")
    keys.use("Change password", "Tab")
    expect(keys.title).to_have_text("Change password")
    expect(keys.page.get_by_label("Current password")).to_be_focused()
    keys.type(PASSWORD)
    keys.to("New password", "Tab")
    keys.type("password")
    keys.to("Show what is typed", "Tab")
    keys.press("Space")
    expect(keys.page.get_by_label("New password")).to_have_attribute("type", "text")
    keys.use("Save password", "Tab")
    expect(keys.page.locator("[aria-invalid=true]").first).to_be_focused()
    for label, words in (("Current password", PASSWORD), ("New password", NEW_PASSWORD)):
        field = keys.page.get_by_label(label)
        while not field.evaluate("field => field === document.activeElement"):
            keys.press("Tab" if label == "New password" else "Shift+Tab")
        keys.press("Control+a")
        keys.type(words)
    keys.press("Enter")
    said(keys, "Your password is changed")


def test_one_device_and_then_all_others_are_signed_out(keys: Keys, sign_up: Callable[..., Person]) -> None:
    others = [sign_up(), sign_up()]
    for other in others:
        other.context.clear_cookies()
        sign_in(keys.person, other.chat)
        other.chat.wait_connected()
    keys.page.goto("/settings/security/")
    from_the_top(keys, "Security")
    devices = keys.page.get_by_role("list", name="Where you are signed in").get_by_role("listitem")
    expect(devices).to_have_count(3)
    expect(devices.first).to_contain_text("This device")
    name = devices.nth(1).get_by_role("button").get_attribute("aria-label") or ""
    keys.use(name, "Tab")
    expect(devices).to_have_count(2)
    from_the_top(keys, "Security")
    keys.use("Sign out all other devices", "Tab")
    expect(devices).to_have_count(1)
    for other in others:
        expect(other.chat.page.get_by_text("You are signed out.")).to_be_visible()
    from_the_top(keys, "Security")
    keys.use(f"{name}, this device", "Tab")
    expect(keys.page).to_have_url("/")


def test_what_happened_is_read_and_taken_along(keys: Keys) -> None:
    keys.page.goto("/settings/activity/")
    expect(keys.title).to_have_text("Account activity")
    expect(keys.page.get_by_role("list", name="Events").get_by_role("listitem").first).to_be_visible()
    with keys.page.expect_download() as download:
        keys.use("Export CSV", "Tab")
    assert download.value.path().read_text().count("\n") >= 2
