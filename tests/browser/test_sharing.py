"""A link in a browser: made in a dialog, read by somebody without an account, continued as a copy, revoked, printed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.axe import violations
from tests.browser.person import Chat, Person
from tests.browser.seed import seed
from tests.browser.test_accessibility import PHONE
from tests.stack import Stack


@pytest.fixture
def reader(chromium: Browser, stack: Stack) -> Iterator[Page]:
    """Somebody who is not signed in."""
    context = chromium.new_context(base_url=stack.url)
    yield context.new_page()
    context.close()


def _options(chat: Chat, entry: str) -> None:
    chat.page.locator("header").get_by_role("button", name=re.compile("^Options")).click()
    chat.page.get_by_role("link", name=entry).click()


def _make_link(chat: Chat) -> str:
    _options(chat, "Share…")
    chat.button("Create link").click()
    return chat.page.get_by_role("textbox", name="Link", exact=True).input_value()


def test_a_link_is_made_read_by_anybody_and_revoked(person: Person, reader: Page) -> None:
    chat = person.chat
    chat.ask("What is it? [[say:It is **this**.]]")
    link = _make_link(chat)
    reader.goto(link)
    articles = reader.get_by_role("log", name="Conversation").get_by_role("article")
    expect(articles).to_have_count(2)
    expect(articles.last.locator('[data-part="body"] strong')).to_have_text("this")
    assert violations(reader) == []
    settings = person.open("/settings/shared-links/").page
    settings.get_by_role("button", name="Revoke the link to").click()
    expect(settings.get_by_role("button", name="Undo")).to_be_visible()
    assert violations(settings) == []
    reader.reload()
    expect(reader.get_by_role("heading", level=1)).to_have_text("There is nothing here")
    settings.get_by_role("button", name="Undo").click()
    expect(settings.get_by_role("button", name="Revoke the link to")).to_be_visible()
    reader.reload()
    expect(articles).to_have_count(2)


@pytest.mark.parametrize("device", [{"color_scheme": "dark"}, PHONE], ids=["dark", "phone"])
def test_the_dialogs_are_without_violations_and_give_the_focus_back(sign_up: Callable[..., Person], device: dict[str, object]) -> None:
    chat = sign_up(reduced_motion="reduce", **device).chat
    chat.ask("[[say:yes]]")
    _options(chat, "Share…")
    chat.page.locator(".share-preview summary").first.click()
    assert violations(chat.page, "#dialog") == [], "share"
    chat.button("Create link").click()
    expect(chat.button("Copy link")).to_be_visible()
    assert violations(chat.page, "#dialog") == [], "made"
    chat.page.keyboard.press("Escape")
    expect(chat.page.locator("header").get_by_role("button", name=re.compile("^Options"))).to_be_focused()
    _options(chat, "Export…")
    expect(chat.button("Download Markdown")).to_be_visible()
    assert violations(chat.page, "#dialog") == [], "export"


def test_the_preview_shows_what_is_ticked(person: Person) -> None:
    chat = person.chat
    chat.ask("[[think]] [[say:yes]]")
    _options(chat, "Share…")
    chat.page.locator(".share-preview summary").first.click()
    reasoning = chat.page.get_by_role("region", name="Preview").locator("details.reasoning")
    expect(reasoning).to_be_hidden()
    chat.page.get_by_label("Include the models’ reasoning").check()
    expect(reasoning).to_be_visible()


def test_one_click_makes_a_copy_and_it_goes_on(person: Person, sign_up: Callable[..., Person]) -> None:
    person.chat.ask("What is it? [[say:It is this.]]")
    link = _make_link(person.chat)
    other = Chat(sign_up().open(link).page)
    other.page.get_by_role("link", name="Continue as my copy").first.click()
    other.page.wait_for_url("**/c/*/")
    expect(other.articles).to_have_count(2)
    other.ask("And? [[say:And that.]]")
    expect(other.articles).to_have_count(4)
    expect(person.chat.articles).to_have_count(2)


def test_all_of_it_works_without_javascript(sign_up: Callable[..., Person], stack: Stack) -> None:
    person = sign_up(java_script_enabled=False)
    seed(stack, person, conversations=1, messages=70)
    page = person.chat.page
    page.reload()
    person.chat.rows.first.get_by_role("link").first.click()
    page.goto(f"{page.url}share/")
    page.get_by_label("7 days", exact=True).check()
    page.get_by_role("button", name="Create link").click()
    expect(page.get_by_role("heading", name="The link is ready")).to_be_visible()
    page.goto(page.get_by_role("textbox", name="Link", exact=True).input_value())
    expect(page.locator("article")).to_have_count(50)
    page.get_by_role("link", name="Later").first.click()
    expect(page.locator("article")).to_have_count(20)
    page.get_by_role("link", name="Continue as my copy").first.click()
    page.get_by_role("button", name="Continue as my copy").click()
    expect(person.chat.articles).to_have_count(30)
    page.goto("/settings/shared-links/")
    page.get_by_role("button", name="Revoke the link to").click()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="Revoke the link to")).to_be_visible()


def test_export_and_print(person: Person, stack: Stack) -> None:
    seed(stack, person, conversations=1, messages=70)
    chat = person.chat
    chat.page.reload()
    chat.rows.first.get_by_role("link").first.click()
    expect(chat.articles).to_have_count(30)
    _options(chat, "Export…")
    with chat.page.expect_download() as download:
        chat.button("Download Markdown").click()
    assert download.value.suggested_filename == "conversation 1.md"
    assert download.value.path().read_text().count("\n## ") == 70
    with person.context.expect_page() as opened:
        chat.button("Open to print").click()
    paper = opened.value
    expect(paper.locator("article")).to_have_count(70)
    assert violations(paper) == []
    paper.emulate_media(media="print", color_scheme="dark")
    expect(paper.get_by_role("button", name="Print or save as PDF")).to_be_hidden()
    assert paper.evaluate("getComputedStyle(document.querySelector('h1')).color.match(/[\\d.]+/)[0] < 0.5")
    assert paper.evaluate("getComputedStyle(document.body).backgroundColor") == "rgba(0, 0, 0, 0)"
