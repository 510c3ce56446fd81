"""Somebody without a mouse."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.person import Person
from tests.stack import wait_until

WIDTHS = pytest.mark.parametrize("width", [390, 1280])
MOST_STOPS = 60


class Keys:
    """Somebody without a mouse, on the page of a conversation."""

    def __init__(self, person: Person) -> None:
        person.context.grant_permissions(["clipboard-read", "clipboard-write"])
        self.person = person
        self.chat = person.chat
        self.page = person.chat.page
        self.press = person.chat.page.keyboard.press
        self.type = person.chat.page.keyboard.type
        self.chat.wait_connected()

    def to(self, name: str, key: str = "Shift+Tab") -> None:
        """From stop to stop until something of that name has the focus."""
        for _ in range(MOST_STOPS):
            self.press(key)
            if self.name() == name:
                return
        raise AssertionError(f"{key} does not reach {name!r}")

    def to_words(self, words: str) -> None:
        """The next stop that has the words."""
        for _ in range(MOST_STOPS):
            if words in self.name():
                return
            self.press("Tab")
        raise AssertionError(f"nothing with {words!r} is reached")

    def name(self) -> str:
        """What has the focus."""
        said: str = self.page.evaluate(
            "(one => (one.ariaLabel || one.labels?.[0]?.textContent || one.textContent).trim())(document.activeElement)"
        )
        return said

    def use(self, name: str, key: str = "Shift+Tab") -> None:
        self.to(name, key)
        self.press("Enter")

    def write(self, text: str) -> None:
        """From wherever one is into the composer."""
        self.press("Shift+Escape")
        expect(self.chat.message).to_be_focused()
        self.type(text)

    def ask(self, text: str, status: str = "completed") -> None:
        before = self.chat.articles.count()
        self.write(text)
        self.press("Enter")
        expect(self.chat.articles).to_have_count(before + 2)
        self.chat.wait_status(status)

    def options(self, entry: str) -> None:
        """One line of the open conversation's options."""
        self.page.locator("#scroll").focus()
        self.to("Options for " + self.title.inner_text())
        self.press("Enter")
        expect(self.page.locator("#options :is(a, button)").first).to_be_focused()
        self.line(entry)

    def line(self, entry: str) -> None:
        """A line of the options that are open."""
        if not self.page.evaluate("document.activeElement.matches('#options :is(a, button, summary)')"):
            self.press("Shift+Tab")  # out of a field, into which arrows lead from no line
        for _ in range(14):
            if self.name() == entry:
                return self.press("Enter")
            self.press("ArrowDown")
        raise AssertionError(f"no {entry!r} among the options")

    @property
    def title(self) -> Locator:
        return self.page.get_by_role("heading", level=1)

    @property
    def toasts(self) -> Locator:
        return self.page.locator("#toasts")

    def clipboard(self, words: str) -> None:
        wait_until(lambda: words in self.page.evaluate("navigator.clipboard.readText()"), f"{words!r} in the clipboard")
