"""Search by keyboard, with its filters, on a phone and without JavaScript; a hit opens where it was said."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.axe import violations
from tests.browser.person import Chat, Person
from tests.browser.seed import seed
from tests.browser.test_accessibility import PHONE
from tests.stack import Stack


def _make(stack: Stack, person: Person, messages: int = 0, *, conversations: int = 1) -> None:
    seed(stack, person, conversations=conversations, messages=messages)
    stack.manage("index_messages")


def _dialog(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Search", exact=True)


def _lies_open(chat: Chat, text: str) -> None:
    """The message is in the conversation's page, in sight, with the focus; and one can answer to the latest."""
    found = chat.articles.filter(has=chat.page.get_by_text(text, exact=True))
    expect(found).to_be_in_viewport()
    expect(found).to_be_focused()
    assert found.evaluate("e => e.matches(':target')")
    expect(chat.message).to_be_editable()


def test_the_dialog_by_keyboard_alone_leads_to_the_message_far_up(person: Person, stack: Stack) -> None:
    _make(stack, person, messages=201, conversations=2)
    chat, keys = person.chat, person.chat.page.keyboard
    chat.page.reload()
    expect(chat.message).to_be_focused()
    keys.press("Control+k")
    box = _dialog(chat.page).get_by_role("searchbox")
    expect(box).to_be_focused()
    expect(_dialog(chat.page)).to_contain_text("conversation 2")
    assert violations(chat.page) == [], "recent"
    keys.type("nothing-like-this")
    expect(_dialog(chat.page)).to_contain_text("Nothing found")
    keys.press("Escape")
    expect(_dialog(chat.page)).to_be_hidden()
    expect(chat.message).to_be_focused()
    keys.press("Control+k")
    expect(box).to_be_focused()
    keys.type("message 41")  # over what was typed before, which is selected
    hits = _dialog(chat.page).get_by_role("listitem").get_by_role("link")
    expect(hits.first).to_contain_text("message 41")
    assert violations(chat.page) == [], "results"
    keys.press("ArrowDown")
    expect(hits.first).to_be_focused()
    keys.press("ArrowUp")
    expect(box).to_be_focused()
    keys.press("ArrowDown")
    keys.press("Enter")
    expect(chat.page).to_have_url(re.compile(r"/c/[0-9a-f-]{36}/\?at="))
    _lies_open(chat, "message 41")
    assert violations(chat.page) == [], "the place of a hit"
    _fill_the_gap_and_go_on(chat)


def _fill_the_gap_and_go_on(chat: Chat) -> None:
    """31 to 60 and the last 30 are there, and what lies between comes from both ends; live news belongs below the last."""
    assert chat.articles.count() == 60
    later = chat.page.get_by_role("link", name="Show later messages")
    later.focus()
    later.press("Enter")
    expect(chat.articles).to_have_count(90)
    expect(chat.articles.filter(has=chat.page.get_by_text("message 61", exact=True))).to_be_focused()
    chat.page.get_by_role("link", name="Show the ones before the latest").click()
    expect(chat.articles).to_have_count(120)
    chat.ask("and now [[say:a new answer]]")
    expect(chat.articles).to_have_count(122)
    for count in (152, 173):
        chat.page.get_by_role("link", name="Show later messages").click()
        expect(chat.articles).to_have_count(count)
    expect(chat.page.locator(".gap")).to_have_count(0)
    texts = [text.strip() for text in chat.page.locator('article [data-part="body"]').all_inner_texts()]
    assert texts[:-2] == [f"message {n}" for n in range(31, 202)]


def test_a_hit_on_another_branch_is_read_there_and_one_click_switches_to_it(person: Person, stack: Stack) -> None:
    chat = person.chat
    chat.ask("first [[say:a walnut]]")
    chat.button("Regenerate").click()
    expect(chat.answer.locator(".versions")).to_contain_text("2/2")
    chat.wait_status("completed")
    chat.button("Edit").first.click()
    chat.page.get_by_role("textbox", name="Edited text").fill("other words [[say:a hazelnut]]")
    chat.page.keyboard.press("Enter")
    chat.wait_text("a hazelnut")
    chat.wait_status("completed")
    stack.manage("index_messages")
    page = person.open("/search/?q=walnut&role=assistant").page
    page.get_by_role("link", name="a walnut").first.click()
    expect(page.get_by_text("This stands on another version of the conversation.")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="Switch to this version").click()
    expect(page.get_by_role("textbox", name="Message")).to_be_editable()
    expect(Chat(page).body()).to_have_text("a walnut")
    expect(chat.body()).to_have_text("a walnut")  # the other tab follows


@pytest.mark.parametrize(("device", "theme"), [({}, "light"), (PHONE, "dark")], ids=["desktop-light", "phone-dark"])
def test_the_page_with_its_filters(sign_up: Callable[..., Person], stack: Stack, device: dict[str, object], theme: str) -> None:
    person = sign_up(color_scheme=theme, reduced_motion="reduce", **device)
    _make(stack, person, messages=6)
    page = person.open("/search/?q=message").page
    results = page.get_by_role("region", name="Results")
    expect(results).to_contain_text("6 messages.")
    assert violations(page) == []
    page.get_by_label("Who").select_option("What I said")
    expect(results).to_contain_text("3 messages.")
    page.get_by_label("From").fill("2020-02-02")
    page.get_by_label("To", exact=True).fill("2020-02-01")
    expect(results.get_by_role("alert")).to_have_text("The last day is before the first. Exchange them.")
    assert violations(page) == [], "wrong days"
    page.get_by_label("To", exact=True).fill("2199-01-01")
    expect(results).to_contain_text("3 messages.")
    expect(page.locator("[aria-invalid]")).to_have_count(0)
    page.get_by_label("To", exact=True).fill("2020-03-01")
    expect(results).to_contain_text("take a filter away")
    assert violations(page) == [], "nothing"
    assert "from=2020-02-02" in page.url
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_without_javascript(sign_up: Callable[..., Person], stack: Stack) -> None:
    person = sign_up(java_script_enabled=False)
    _make(stack, person, messages=201)
    page = person.open("/search/").page
    page.get_by_role("searchbox").fill("message 41")
    page.get_by_label("Where").select_option("Everywhere")
    page.get_by_role("searchbox").press("Enter")
    page.get_by_role("link", name="message 41").first.click()
    chat = Chat(page)
    found = chat.articles.filter(has=page.get_by_text("message 41", exact=True))
    expect(found).to_be_in_viewport()
    page.get_by_role("link", name="Show later messages").click()
    expect(chat.articles.filter(has=page.get_by_text("message 61", exact=True))).to_be_in_viewport()
    chat.message.fill("one more [[say:yes]]")
    chat.button("Send").click()
    expect(page).to_have_url(re.compile(r"/c/[0-9a-f-]{36}/#m-"))
    page.goto("/search/?q=message&from=2026-05-05&to=2026-05-01")
    expect(page.get_by_role("alert")).to_contain_text("The last day is before the first.")
