"""Everything that a page can open, and every mode it can be in: without violations in both themes, on a desk and on a phone; and
what was opened closes by Escape and gives the focus back."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Locator, Route, expect

from tests.browser.axe import BELOW_A_DRAWER, violations_in_both_themes
from tests.browser.person import Chat, Person
from tests.browser.seed import seed
from tests.browser.test_accessibility import PHONE
from tests.browser.test_usage import spend
from tests.stack import Stack

DEVICES = pytest.mark.parametrize("device", [{}, PHONE], ids=["desk", "phone"])


class Looks:
    """A chat that is looked at in state after state."""

    def __init__(self, person: Person, stack: Stack, *, phone: bool) -> None:
        self.person, self.stack, self.phone = person, stack, phone
        self.chat: Chat = person.chat
        self.page = person.chat.page
        self.press = self.page.keyboard.press
        self.dialog = self.page.locator("#dialog")
        self.menu = self.page.locator("#options")
        self.found: list[str] = []

    def at(self, state: str, part: str = "html") -> None:
        """What axe finds now in the page, or in a part of it that everything else lies under."""
        drawer = self.page.locator("#side:popover-open").count()
        found = violations_in_both_themes(self.page, part, besides=BELOW_A_DRAWER if drawer else frozenset())
        self.found += [f"{state}: {one}" for one in found]
        if self.page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            self.found.append(f"{state}: scrolls sideways")

    def opens(self, state: str, opener: Locator, shown: Locator, part: str = "html") -> None:
        """The opener opens something, which Escape closes again; then the opener has the focus."""
        opener.click()
        expect(shown).to_be_visible()
        self.at(state, part)
        self.press("Escape")
        expect(shown).to_be_hidden()
        expect(opener).to_be_focused()

    @contextmanager
    def held(self, address: str) -> Iterator[None]:
        """What is asked for at this address comes when this is over."""
        asked: list[Route] = []
        self.page.route(address, lambda route: asked.append(route))
        yield
        for route in asked:
            route.continue_()
        self.page.unroute(address)

    def entry(self, name: str) -> Locator:
        """A line of the open conversation's options, which are opened for it."""
        self.page.locator("header.bar").get_by_role("button", name=re.compile("^Options")).click()
        return self.menu.locator(":is(a, button, summary)", has_text=name).first

    def by_entry(self, state: str, name: str, shown: Locator) -> None:
        """A dialog that the options lead to; the focus goes back to the button of the options."""
        self.entry(name).click()
        expect(shown).to_be_visible()
        self.at(state, "#dialog")
        self.trapped()
        self.press("Escape")
        expect(shown).to_be_hidden()
        expect(self.page.locator("header.bar").get_by_role("button", name=re.compile("^Options"))).to_be_focused()

    def trapped(self) -> None:
        """However often one goes on, one does not come to what lies under the dialog."""
        for _ in range(30):
            self.press("Tab")
            assert self.page.evaluate("document.activeElement === document.body || Boolean(document.activeElement.closest('dialog[open]'))")


@pytest.fixture
def looks(sign_up: Callable[..., Person], stack: Stack, device: dict[str, object]) -> Looks:
    person = sign_up(reduced_motion="reduce", **device)
    seed(stack, person, conversations=3, messages=4)
    stack.manage("index_messages")
    person.chat.page.reload()
    person.chat.wait_connected()
    return Looks(person, stack, phone=bool(device))


@DEVICES
def test_what_a_new_chat_opens(looks: Looks) -> None:
    seed(looks.stack, looks.person, conversations=1, messages=175)
    looks.stack.manage("index_messages")
    chat, page = looks.chat, looks.page
    model = page.get_by_role("combobox", name="Model", exact=True)
    search = page.get_by_role("combobox", name="Search models")
    with looks.held("**/c/models/*"):
        model.click()
        expect(looks.dialog.locator(".skeleton").first).to_be_visible()
        looks.at("models that load", "#dialog")
    expect(search).to_be_visible()
    looks.press("Escape")
    looks.opens("models", model, search, "#dialog")
    model.click()
    search.fill("nothing like that")
    looks.at("no model found", "#dialog")
    looks.trapped()
    search.fill("")  # Escape in a search field that has words clears it first
    looks.press("Escape")
    looks.opens("system prompt", chat.button("System prompt"), page.get_by_role("textbox", name="System prompt"))
    page.get_by_role("switch", name="Temporary").check(force=True)
    chat.message.fill("What would it cost?")
    expect(page.locator("#estimate")).to_contain_text("tokens")
    looks.at("temporary, estimated")
    page.get_by_role("switch", name="Temporary").uncheck(force=True)
    looks.press("Shift+Escape")
    looks.press("Control+/")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    looks.at("shortcuts", "#dialog")
    looks.trapped()
    looks.press("Escape")
    expect(chat.message).to_be_focused()
    looks.press("Control+k")
    box = page.get_by_role("searchbox", name="Search chats and messages")
    expect(page.get_by_role("dialog", name="Search", exact=True)).to_contain_text("conversation 2")
    looks.at("search, recent")
    for words, shown in (("nothing-like-this", "Nothing found"), ("message 41", "message 41")):
        box.fill(words)
        expect(page.locator("#dialog-results")).to_contain_text(shown)
        looks.at(f"search, {words}")
    looks.trapped()
    looks.press("Escape")
    expect(chat.message).to_be_focused()
    looks.press("Control+k")
    page.locator("#dialog-results").get_by_role("link", name="message 41").click()
    expect(page.get_by_role("link", name="Show the ones before the latest")).to_be_attached()
    looks.at("what was found far up")
    assert looks.found == []


@DEVICES
def test_what_a_conversation_opens(looks: Looks) -> None:
    chat, page, dialog, menu = looks.chat, looks.page, looks.dialog, looks.menu
    chat.ask("everything [[think]]")
    chat.answer.locator("details.reasoning summary").click()
    looks.at("reasoning unfolded")
    opener = page.locator("header.bar").get_by_role("button", name=re.compile("^Options"))
    with looks.held("**/options/"):
        opener.click()
        expect(menu.locator(".skeleton").first).to_be_visible()
        looks.at("options that load", "#options")
    expect(menu.get_by_role("button", name="Pin")).to_be_focused()
    looks.press("Escape")
    looks.entry("Rename").click()
    expect(menu.get_by_role("textbox", name="Name")).to_be_visible()
    looks.at("options, rename")
    looks.press("Escape")
    looks.entry("Move to folder").click()
    looks.at("options, folders")
    looks.press("Escape")
    looks.by_entry("share", "Share…", dialog.get_by_role("button", name="Create link"))
    looks.entry("Share…").click()
    dialog.get_by_role("button", name="Create link").click()
    expect(dialog.get_by_role("button", name="Copy link")).to_be_visible()
    looks.at("shared", "#dialog")
    looks.press("Escape")
    looks.by_entry("export", "Export…", dialog.get_by_role("button", name="Download Markdown"))
    looks.by_entry("system prompt", "System prompt…", dialog.get_by_role("textbox", name="System prompt"))
    looks.opens("more", chat.answer.get_by_role("button", name="More"), menu.locator("li").first)
    again = chat.answer.get_by_role("button", name="Answer again with…")
    looks.opens("answer again", again, page.get_by_role("combobox", name="Search models"), "#dialog")
    chat.answer.get_by_role("button", name="Bad response").click()
    expect(dialog.get_by_role("button", name="Send feedback")).to_be_visible()
    looks.at("reasons", "#dialog")
    looks.trapped()
    looks.press("Escape")
    question = chat.articles.first
    question.hover()
    looks.opens("editor", question.get_by_role("button", name="Edit"), page.get_by_role("textbox", name="Edited text"))
    chat.send("[[slow:100]] [[long:400]]")
    chat.wait_status("running")
    for text in ("this one waits", "this one cannot"):
        chat.message.fill(text)
        chat.button("Send").click()
    expect(page.get_by_role("alert")).to_contain_text("One message is waiting already")
    looks.at("one message waits")
    chat.button("Stop").click()
    chat.wait_status("stopped")
    looks.person.context.set_offline(True)
    # Again and again: Playwright leaves the socket open, and what the end of the answer still sends over it says that one is connected.
    page.evaluate("setInterval(() => dispatchEvent(new Event('offline')), 500)")
    expect(page.locator("#connection")).to_be_visible()
    looks.at("offline, stopped, one message waits")
    assert looks.found == []


@DEVICES
def test_what_the_list_opens_and_what_is_undone(looks: Looks) -> None:
    chat, page, menu = looks.chat, looks.page, looks.menu

    def drawer() -> None:
        opener = chat.button("Open the sidebar")
        if looks.phone and opener.get_attribute("aria-expanded") != "true":
            opener.click()
            expect(opener).to_have_attribute("aria-expanded", "true")

    drawer()
    filters = page.get_by_role("searchbox", name="Search conversations")
    filters.fill("nothing like that")
    expect(page.locator("#no-match")).to_be_visible()
    looks.at("a filter without a match")
    filters.fill("")
    chat.rows.first.get_by_role("link").first.click()
    expect(chat.articles).to_have_count(4)
    chat.articles.first.hover()
    chat.articles.first.get_by_role("button", name="More").click()
    menu.get_by_role("button", name="Delete from here on").click()
    expect(page.get_by_role("heading", name="Empty again")).to_be_visible()
    looks.at("empty again")
    drawer()
    page.get_by_label("Chat list options").click()
    page.locator(".list-head summary", has_text="New folder").click()
    page.get_by_role("textbox", name="Name of the new folder").fill("Work")
    looks.at("list options")
    page.get_by_role("button", name="Create").click()
    folder = page.locator("#conversations .folder").filter(has_text="Work")
    expect(folder).to_be_visible()
    folder.locator("summary").click()
    looks.at("an empty folder")
    folder.hover()
    chat.button("Options for Work").click()
    menu.locator("summary", has_text="Rename").click()
    looks.at("folder menu")
    looks.press("Escape")
    drawer()
    page.get_by_label("Chat list options").click()
    page.get_by_role("link", name="Select chats").click()
    page.get_by_role("list", name="Conversations").get_by_role("checkbox").nth(1).check(force=True)
    page.locator("#bulk summary", has_text="Move").click()
    looks.at("selecting, move")
    looks.press("Escape")
    page.locator("#bulk").get_by_role("button", name="Archive").click()
    # The notice of what was deleted before may stand there still.
    archived = page.locator("#toasts > *").filter(has_text=re.compile("archived", re.IGNORECASE))
    expect(archived.get_by_role("button", name="Undo")).to_be_visible()
    looks.at("a toast with undo")
    if looks.phone:
        looks.press("Escape")
    looks.entry("Delete").click()
    expect(page.get_by_role("alert")).to_contain_text("This conversation was deleted.")
    looks.at("deleted")
    assert looks.found == []


@DEVICES
def test_what_limits_and_temporary_chats_say(looks: Looks) -> None:
    chat, page = looks.chat, looks.page
    page.get_by_role("switch", name="Temporary").check(force=True)
    chat.ask("a secret [[say:one]]")
    expect(page.get_by_text("Temporary chat: erased on")).to_be_visible()
    looks.at("a temporary chat")
    chat.button("Keep this chat").click()
    expect(page.get_by_text("erased on")).to_have_count(0)
    spend(looks.stack, looks.person, of=20_000, tokens=16_500)
    expect(page.locator(".limit-notice")).to_contain_text("more than 80 %")
    looks.at("a warning")
    chat.message.fill("no room [[long:3000]]")
    spend(looks.stack, looks.person, of=20_000, tokens=3_500)
    chat.button("Send").click()
    expect(page.get_by_role("alert").filter(has_text="There is no room for this in your plan.")).to_be_visible()
    expect(chat.message).to_have_value("no room [[long:3000]]")
    looks.at("no room")
    assert looks.found == []
