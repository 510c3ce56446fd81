"""Keeping chats in order and showing them to others, with the keyboard alone, on a desk and in a window as narrow as a phone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.browser.keys import WIDTHS, Keys
from tests.browser.seed import seed
from tests.stack import Stack


class List:
    """The list of conversations, opened where the window is narrow."""

    def __init__(self, keys: Keys, width: int) -> None:
        self.keys, self.narrow = keys, width == 390

    def to(self, name: str) -> None:
        """From the end of the page's own part to something in the list."""
        opener = self.keys.chat.button("Open the sidebar")
        self.keys.page.locator("#scroll").focus()
        if self.narrow and opener.get_attribute("aria-expanded") != "true":
            self.keys.use("Open the sidebar")
            expect(opener).to_have_attribute("aria-expanded", "true")
        self.keys.to(name, "Tab" if self.narrow else "Shift+Tab")

    def options(self, name: str, entry: str) -> None:
        """One line of the options of a conversation or a folder."""
        self.to(f"Options for {name}")
        self.keys.press("Enter")
        expect(self.keys.page.locator("#options :is(a, button, summary)").first).to_be_focused()
        self.keys.line(entry)

    def row(self, name: str) -> Locator:
        return self.keys.page.locator("#conversations li[data-place]").filter(has=self.keys.page.get_by_text(name, exact=True))

    def undo(self, words: str) -> None:
        """By the shortcut that leads to the latest notice."""
        expect(self.keys.toasts).to_contain_text(words)
        self.keys.press("Alt+Shift+N")
        expect(self.keys.chat.button("Undo").last).to_be_focused()
        self.keys.press("Enter")
        expect(self.keys.toasts).not_to_contain_text(words)


@pytest.fixture
def rows(keys: Keys, width: int, stack: Stack) -> List:
    """Somebody with conversations 1 (the newest) to 3."""
    seed(stack, keys.person, conversations=3, messages=2)
    keys.page.reload()
    keys.chat.wait_connected()
    return List(keys, width)


@WIDTHS
def test_pins_folders_archive_and_names_in_the_list(keys: Keys, rows: List) -> None:
    page = keys.page
    rows.options("conversation 3", "Pin")
    expect(rows.row("conversation 3")).to_have_attribute("data-place", "pinned")
    rows.options("conversation 3", "Unpin")
    expect(rows.row("conversation 3")).to_have_attribute("data-place", "")
    rows.options("conversation 2", "Rename")
    expect(page.get_by_role("textbox", name="Name", exact=True)).to_be_focused()
    keys.type("Bread")
    keys.press("Enter")
    expect(rows.row("Bread")).to_have_count(1)
    rows.options("Bread", "Move to folder")
    expect(page.get_by_role("textbox", name="New folder")).to_be_focused()
    keys.type("Kitchen")
    keys.press("Enter")
    folder = page.locator("#conversations .folder")
    expect(folder.locator("summary")).to_have_text("Kitchen")
    rows.to("Kitchen")
    keys.press("Enter")
    expect(rows.row("Bread")).to_be_visible()
    rows.options("Kitchen", "Rename")
    expect(page.get_by_role("textbox", name="Name", exact=True)).to_be_focused()
    keys.type("Bakery")
    keys.press("Enter")
    expect(folder.locator("summary")).to_have_text("Bakery")
    rows.options("Bakery", "Delete folder")
    expect(folder).to_have_count(0)
    rows.undo("Its chats are still there.")
    expect(folder.locator("summary")).to_have_text("Bakery")
    rows.options("Bread", "Move to folder")
    expect(page.get_by_role("textbox", name="New folder")).to_be_focused()
    keys.line("No folder")
    expect(rows.row("Bread")).to_have_attribute("data-place", "")
    rows.options("Bread", "Archive")
    expect(rows.row("Bread")).to_have_count(0)
    rows.undo("was archived")
    expect(rows.row("Bread")).to_be_visible()


@WIDTHS
def test_what_is_deleted_comes_back_from_its_notice_and_from_its_page(keys: Keys, rows: List) -> None:
    page, chat = keys.page, keys.chat
    rows.options("conversation 2", "Delete")
    expect(rows.row("conversation 2")).to_have_count(0)
    rows.undo("was deleted")
    expect(rows.row("conversation 2")).to_be_visible()
    rows.options("conversation 3", "Delete")
    expect(rows.row("conversation 3")).to_have_count(0)
    rows.to("Chat list options")
    keys.press("Enter")
    keys.use("Recently deleted", "Tab")
    expect(page.get_by_role("heading", level=1)).to_have_text("Recently deleted")
    keys.use("Restore conversation 3", "Tab")
    expect(page.get_by_role("heading", name="Nothing was deleted lately")).to_be_visible()
    keys.use("Back to chat", "Tab")
    chat.wait_connected()
    expect(rows.row("conversation 3")).to_have_count(1)


@WIDTHS
def test_several_at_once_and_one_undo(keys: Keys, rows: List) -> None:
    rows.to("Chat list options")
    keys.press("Enter")
    keys.use("Select chats", "Tab")
    expect(keys.page.get_by_role("checkbox", name="Select conversation 1")).to_be_focused()
    keys.press("Space")
    keys.to("Select conversation 2", "Tab")
    keys.press("Space")
    expect(keys.page.get_by_text("2 selected")).to_be_visible()
    keys.use("Delete", "Tab")
    expect(rows.row("conversation 1")).to_have_count(0)
    expect(rows.row("conversation 2")).to_have_count(0)
    rows.undo("2 chats deleted")
    for number in (1, 2, 3):
        expect(rows.row(f"conversation {number}")).to_have_count(1)


@WIDTHS
def test_a_link_is_made_copied_read_revoked_and_brought_back(keys: Keys, chromium: Browser, stack: Stack) -> None:
    page, dialog = keys.page, keys.page.locator("#dialog")
    keys.ask("What is it? [[say:It is **this**.]]")
    keys.options("Share…")
    expect(dialog.get_by_role("button", name="Create link")).to_be_visible()
    keys.to("Never", "Tab")
    for _ in range(2):
        keys.press("ArrowUp")
    expect(dialog.get_by_role("radio", name="7 days")).to_be_checked()
    keys.use("Create link", "Tab")
    expect(dialog.get_by_role("button", name="Copy link")).to_be_visible()
    keys.use("Copy link", "Tab")
    keys.clipboard("/s/")
    link = page.evaluate("navigator.clipboard.readText()")
    reader = chromium.new_context(base_url=stack.url)
    read = reader.new_page()
    read.goto(link)
    expect(read.get_by_role("article")).to_have_count(2)
    keys.use("All your links", "Tab")
    expect(page.get_by_role("heading", level=1)).to_have_text("Shared links")
    revoke = re.compile("^Revoke the link to")
    expect(page.get_by_text(re.compile("until"))).to_be_visible()
    keys.to(page.get_by_role("button", name=revoke).get_attribute("aria-label") or "", "Tab")
    keys.press("Enter")
    undo = page.get_by_role("button", name=re.compile("^Undo: let the link to"))
    expect(undo).to_be_visible()
    expect(undo).to_be_focused()
    read.reload()
    expect(read.get_by_role("heading", level=1)).to_have_text("There is nothing here")
    keys.press("Enter")
    expect(page.get_by_role("button", name=revoke)).to_be_focused()
    read.reload()
    expect(read.get_by_role("article")).to_have_count(2)
    reader.close()
