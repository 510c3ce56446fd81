"""Writing in one's own way, with the keyboard alone, on a desk and in a window as narrow as a phone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.keys import WIDTHS, Keys


@WIDTHS
def test_a_very_long_text_is_pasted_and_kept(keys: Keys) -> None:
    chat, page = keys.chat, keys.page
    long = "".join(f"line {n} of a long text\n" for n in range(10_000))
    page.evaluate("text => navigator.clipboard.writeText(text)", long)
    keys.type("[[say:read]] ")
    keys.press("Control+v")
    expect(chat.message).to_have_value(f"[[say:read]] {long}")
    box = chat.message.bounding_box()
    assert box is not None
    assert box["height"] < 844 / 2, "the composer leaves room for what it is about"
    assert page.evaluate("document.documentElement.scrollWidth") <= page.evaluate("innerWidth")
    expect(chat.button("Send")).to_be_in_viewport()
    page.reload()
    chat.wait_connected()
    expect(chat.message).to_have_value(f"[[say:read]] {long}")
    expect(page.locator("#estimate")).to_contain_text("with the context")


@pytest.mark.parametrize("width", [390])  # a million letters take their time, and what is said of them is the same at every width
def test_one_that_is_too_long_is_kept_and_says_by_how_much(keys: Keys) -> None:
    chat, page = keys.chat, keys.page
    keys.write("")
    page.evaluate("text => navigator.clipboard.writeText(text)", "word " * 210_000)
    keys.press("Control+a")
    keys.press("Control+v")
    keys.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("at most 1,000,000 fit into one")
    assert page.evaluate("document.querySelector('#composer textarea').textLength") == 1_050_000
    expect(chat.message).to_be_focused()
    keys.press("Control+a")
    keys.type("short [[say:answered]]")
    keys.press("Enter")
    chat.wait_text("answered")
    expect(page.get_by_role("alert")).to_have_count(0)


@WIDTHS
def test_who_prefers_ctrl_enter_says_so_and_enter_is_a_line_from_then_on(keys: Keys) -> None:
    chat, page = keys.chat, keys.page
    page.goto("/settings/chat/")
    keys.to("Enter", "Tab")
    keys.press("ArrowDown")
    expect(page.get_by_role("radio", name=re.compile(r"^Ctrl or ⌘ \+ Enter"))).to_be_checked()
    keys.use("Save", "Tab")
    expect(page.locator(".notices")).to_contain_text("Your chat preferences are saved.")
    page.goto("/c/")
    chat.wait_connected()
    keys.type("one")
    keys.press("Enter")
    keys.type("two [[say:three]]")
    expect(chat.message).to_have_value("one\ntwo [[say:three]]")
    keys.press("Control+Enter")
    chat.wait_text("three")
    expect(chat.body(chat.articles.first)).to_have_text("one\ntwo [[say:three]]")
    # The editor of a message has the same keys, and the sheet says which they are.
    keys.use("Edit")
    editor = page.get_by_role("textbox", name="Edited text")
    expect(editor).to_be_focused()
    keys.press("Control+a")
    keys.type("four")
    keys.press("Enter")
    keys.type("[[say:five]]")
    expect(editor).to_have_value("four\n[[say:five]]")
    keys.press("Control+Enter")
    chat.wait_text("five")
    keys.press("Control+/")
    sheet = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(sheet.locator("dl > div", has=page.get_by_text("Send", exact=True)).locator("kbd")).to_have_text(["Ctrl", "Enter"])


@WIDTHS
def test_shortcuts_are_switched_off_in_their_sheet_and_on_again_in_the_settings(keys: Keys) -> None:
    chat, page = keys.chat, keys.page
    keys.press("Control+/")
    sheet = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(sheet).to_be_visible()
    expect(page.locator(".htmx-added")).to_have_count(0)
    switch = "Use these shortcuts (Enter and Escape always work)"
    keys.to(switch, "Tab")
    with page.expect_response("**/c/shortcuts/"):
        keys.press("Space")
    keys.press("Escape")
    for combination in ("Control+/", "Control+k"):
        keys.press(combination)
    expect(page.locator("dialog[open]")).to_have_count(0)
    # Enter and Escape still work.
    chat.message.focus()
    keys.type("[[slow:40]] [[long:300]]")
    keys.press("Enter")
    chat.wait_status("running")
    keys.press("Escape")
    chat.wait_status("stopped")
    page.goto("/settings/chat/")
    shortcuts = page.get_by_role("checkbox", name=re.compile("shortcuts", re.IGNORECASE))
    expect(shortcuts).not_to_be_checked()
    for _ in range(30):
        if shortcuts.evaluate("e => e === document.activeElement"):
            break
        keys.press("Tab")
    keys.press("Space")
    keys.use("Save", "Tab")
    expect(page.locator(".notices")).to_contain_text("Your chat preferences are saved.")
    page.goto("/c/")
    chat.wait_connected()
    keys.press("Control+k")
    expect(page.get_by_role("searchbox", name="Search chats and messages")).to_be_focused()
