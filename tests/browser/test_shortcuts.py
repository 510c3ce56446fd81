"""The keyboard's shortcuts, their sheet, and the switch that turns them off."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.axe import violations
from tests.browser.person import Person
from tests.stack import ROOT, wait_until


def test_the_sheet_lists_every_shortcut_with_its_keys(person: Person) -> None:
    page = person.chat.page
    page.keyboard.press("Control+/")
    sheet = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(sheet).to_contain_text("Copy the last block of code")
    expect(sheet.locator("dd:empty")).to_have_count(0)
    expect(sheet.locator('[data-shortcut="new-chat"]')).to_have_text("CtrlShiftO")
    registered = (ROOT / "static" / "js" / "shortcuts.js").read_text().count(' keys: "')
    expect(sheet.locator("[data-shortcut]")).to_have_count(registered)
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()


def test_each_does_what_it_says(person: Person) -> None:
    person.context.grant_permissions(["clipboard-read", "clipboard-write"])
    chat = person.chat
    page, keys = chat.page, chat.page.keyboard
    chat.ask("[[say:Some **bold** words:\\n\\n```python\\nprint(1)\\n```]]")
    keys.press("Alt+Shift+C")
    expect(page.locator(".toast")).to_contain_text("The last answer was copied.")
    wait_until(lambda: "Some **bold** words" in page.evaluate("navigator.clipboard.readText()"), "the answer in the clipboard")
    keys.press("Alt+Shift+K")
    wait_until(lambda: page.evaluate("navigator.clipboard.readText()") == "print(1)", "the code in the clipboard")
    page.locator("#scroll").focus()
    keys.press("Shift+Escape")
    expect(chat.message).to_be_focused()
    keys.press("Control+k")
    expect(page.get_by_role("dialog").filter(visible=True)).to_have_count(1)
    keys.press("Escape")
    keys.press("Control+Shift+S")
    expect(page.get_by_role("list", name="Conversations")).to_be_hidden()
    page.reload()
    expect(page.get_by_role("list", name="Conversations")).to_be_hidden()
    chat.button("Show the sidebar").click()
    expect(page.get_by_role("list", name="Conversations")).to_be_visible()
    keys.press("Control+Shift+O")
    expect(page).to_have_url(re.compile(r"/c/$"))


def test_switched_off_they_do_nothing_also_after_a_reload(person: Person) -> None:
    chat = person.chat
    chat.page.keyboard.press("Control+/")
    with chat.page.expect_response("**/c/shortcuts/"):
        chat.page.get_by_label("Use these shortcuts").uncheck()
    chat.page.keyboard.press("Escape")
    for _ in range(2):
        for keys in ("Control+/", "Control+k", "Control+Shift+S"):
            chat.page.keyboard.press(keys)
        expect(chat.page.get_by_role("navigation", name="Chats")).to_be_visible()
        expect(chat.page.locator("dialog[open]")).to_have_count(0)
        chat.page.reload()


def test_on_a_mac_they_have_the_names_of_a_mac(sign_up: Callable[..., Person]) -> None:
    person = sign_up()
    person.run_in_every_page("Object.defineProperty(navigator, 'platform', { get: () => 'MacIntel' })")
    page = person.open("/c/").page
    page.keyboard.press("Meta+/")
    expect(page.locator('[data-shortcut="copy-code"]')).to_have_text("⌃⇧K")
    expect(page.locator('[data-shortcut="new-chat"]')).to_have_text("⌘⇧O")


def test_undo_is_reached_by_keyboard(person: Person) -> None:
    chat = person.chat
    chat.ask("first [[say:one]]")
    chat.send("[[slow:40]] [[long:200]]")
    chat.wait_status("running")
    chat.message.fill("second")
    chat.message.press("Enter")
    chat.button("Remove the waiting message").click()
    chat.message.focus()
    chat.page.keyboard.press("Alt+Shift+N")
    expect(chat.button("Undo")).to_be_focused()
    chat.page.keyboard.press("Enter")
    expect(chat.page.get_by_role("form", name="Waiting message")).to_contain_text("second")
