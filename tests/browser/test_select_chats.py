"""Many chats at once: in the sidebar, on a phone, and by a plain form."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.axe import BELOW_A_DRAWER, violations
from tests.browser.person import Chat, Person
from tests.browser.seed import seed
from tests.browser.test_accessibility import PHONE
from tests.stack import Stack


def boxes(chat: Chat) -> Locator:
    return chat.page.get_by_role("list", name="Conversations").get_by_role("checkbox")


def links(chat: Chat) -> Locator:
    return chat.page.locator("#conversations li[data-place] > a")


def begin(chat: Chat) -> None:
    chat.page.get_by_label("Chat list options").click()
    chat.page.get_by_role("link", name="Select chats").click()


def test_a_range_is_archived_and_one_undo_brings_all_back(person: Person, stack: Stack) -> None:
    seed(stack, person, conversations=6)
    chat, other = person.chat, person.open("/c/")
    chat.page.reload()
    for tab in (chat, other):
        tab.wait_connected()
    begin(chat)
    expect(boxes(chat)).to_have_count(6)
    expect(boxes(chat).first).to_be_focused()
    links(chat).nth(1).click()
    links(chat).nth(4).click(modifiers=["Shift"])
    expect(chat.page.get_by_text("4 selected")).to_be_visible()
    expect(chat.page).to_have_url(re.compile(r"/c/$"))
    chat.page.locator("#bulk").get_by_role("button", name="Archive").click()
    for tab in (chat, other):
        expect(links(tab)).to_have_count(2)
    expect(boxes(chat)).to_have_count(0)
    toast = chat.page.locator("#toasts")
    expect(toast).to_contain_text("4 chats archived.")
    toast.get_by_role("button", name="Undo").click()
    for tab in (chat, other):
        expect(links(tab)).to_have_count(6)


def test_by_keyboard_all_loaded_ones_go_into_a_new_folder(person: Person, stack: Stack) -> None:
    seed(stack, person, conversations=3)
    chat = person.chat
    chat.page.reload()
    chat.wait_connected()
    begin(chat)
    keys = chat.page.keyboard
    keys.press("Space")
    expect(chat.page.get_by_text("1 selected")).to_be_visible()
    chat.button("Select all").focus()
    keys.press("Enter")
    expect(chat.page.get_by_text("3 selected")).to_be_visible()
    move = chat.page.locator("#bulk summary", has_text="Move")
    move.focus()
    keys.press("Enter")
    keys.press("Escape")
    expect(move).to_be_focused()
    keys.press("Enter")
    chat.page.get_by_role("textbox", name="New folder").fill("Together")
    chat.button("Create").focus()
    keys.press("Enter")
    expect(chat.page.locator(".folder summary")).to_have_text("Together")
    expect(chat.page.locator("#conversations > li[data-place]")).to_have_count(0)
    expect(chat.page.locator("#side[data-selecting]")).to_have_count(0)


def test_escape_ends_it_and_an_open_chat_that_is_deleted_says_so(person: Person) -> None:
    chat = person.chat
    chat.ask("first [[say:one]]")
    begin(chat)
    chat.page.keyboard.press("Escape")
    expect(boxes(chat)).to_have_count(0)
    expect(chat.page.get_by_label("Chat list options")).to_be_focused()
    begin(chat)
    boxes(chat).first.check()
    chat.page.locator("#bulk").get_by_role("button", name="Delete").click()
    expect(chat.page.get_by_role("alert")).to_contain_text("This conversation was deleted.")
    expect(links(chat)).to_have_count(0)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_on_a_phone_everything_is_large_enough_to_touch_and_named(sign_up: Callable[..., Person], stack: Stack, theme: str) -> None:
    person = sign_up(color_scheme=theme, reduced_motion="reduce", **PHONE)
    seed(stack, person, conversations=4)
    chat = person.chat
    chat.page.goto("/c/")
    chat.wait_connected()
    chat.button("Open the sidebar").click()
    chat.page.locator("#conversations .options").first.click()
    expect(chat.page.locator("#options li").first).to_be_visible()
    _large(chat.page.locator("#options :is(button, a, summary):visible"))
    assert violations(chat.page) == [], "options"
    chat.page.keyboard.press("Escape")
    expect(chat.page.get_by_role("link", name="New chat").first).to_be_visible()  # the drawer is still open
    begin(chat)
    links(chat).first.click()
    _large(chat.page.locator("#bulk :is(button, summary):visible"))
    _large(links(chat))
    assert violations(chat.page, besides=BELOW_A_DRAWER) == [], "selecting"
    chat.page.locator("#bulk").get_by_role("button", name="Delete").click()
    expect(links(chat)).to_have_count(3)
    for path in ("/c/deleted/", "/c/archived/", "/c/list/", "/c/folders/"):
        chat.page.goto(path)
        assert violations(chat.page) == [], path
        assert chat.page.evaluate("document.documentElement.scrollWidth") <= 390, path


def test_without_javascript_the_list_page_does_it_by_a_plain_form(sign_up: Callable[..., Person], stack: Stack) -> None:
    person = sign_up(java_script_enabled=False)
    seed(stack, person, conversations=3)
    page = person.chat.page
    page.goto("/c/list/")
    page.get_by_role("checkbox", name="Select conversation 1").check()
    page.get_by_role("checkbox", name="Select conversation 3").check()
    page.locator("#bulk summary", has_text="Move").click()
    page.get_by_role("textbox", name="New folder").fill("Work")
    page.get_by_role("button", name="Create").click()
    expect(page.get_by_role("status").first).to_contain_text("2 chats moved to “Work”.")
    expect(page.get_by_role("list", name="Conversations").get_by_role("listitem")).to_have_count(1)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("list", name="Conversations").get_by_role("listitem")).to_have_count(3)
    page.goto("/c/folders/")
    page.get_by_role("button", name="Options for Work").click()
    page.get_by_role("button", name="Delete folder").click()
    expect(page.get_by_role("status").first).to_contain_text("Its chats are still there.")
    page.goto("/c/")
    page.locator("#conversations .options").first.click(force=True)
    page.get_by_role("button", name="Archive").click()
    page.goto("/c/archived/")
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Delete").click()
    page.goto("/c/deleted/")
    page.locator("#bulk summary", has_text="Delete for good").click()
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Delete for good").click()
    expect(page.get_by_role("heading", name="Nothing was deleted lately")).to_be_visible()


def _large(found: Locator) -> None:
    """At least 44 px high, which is what a thumb needs."""
    small = found.evaluate_all(
        "all => all.filter(one => one.getBoundingClientRect().height < 43.5).map(one => one.outerHTML.slice(0, 160))"
    )
    assert small == []
