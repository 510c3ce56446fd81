"""Everything that matters works by plain forms."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.person import Chat, Person
from tests.browser.seed import seed
from tests.stack import Stack, wait_until


@pytest.fixture
def chat(sign_up: Callable[..., Person]) -> Chat:
    return sign_up(java_script_enabled=False).chat


def _reload_until(chat: Chat, status: str) -> None:
    def there() -> bool:
        chat.page.reload()
        return chat.answer.get_attribute("data-status") == status

    wait_until(there, f"an answer that is {status}", 20)


def _press(chat: Chat, name: str) -> None:
    with chat.page.expect_navigation():
        chat.button(name).click()


def _send(chat: Chat, text: str) -> None:
    chat.message.fill(text)
    _press(chat, "Send")


def test_ask_read_and_ask_again(chat: Chat) -> None:
    _send(chat, "first [[say:the *first* answer]]")
    expect(chat.page).to_have_url(re.compile(r"/c/[0-9a-f-]{36}/#m-"))
    _reload_until(chat, "completed")
    expect(chat.body()).to_have_text("the first answer")
    _send(chat, "second [[say:the second answer]]")
    _reload_until(chat, "completed")
    expect(chat.articles).to_have_count(4)
    expect(chat.body()).to_have_text("the second answer")


def test_stop_and_continue(chat: Chat) -> None:
    _send(chat, "[[slow:50]] [[long:400]]")
    _reload_until(chat, "running")
    expect(chat.page.get_by_role("link", name="Reload to see more")).to_be_visible()
    _press(chat, "Stop")
    _reload_until(chat, "stopped")
    expect(chat.button("Send")).to_be_visible()
    said = chat.body().inner_text().replace("*", "")  # it may have been stopped within something bold
    _press(chat, "Continue")
    _reload_until(chat, "running")
    _press(chat, "Stop")
    _reload_until(chat, "stopped")
    expect(chat.articles).to_have_count(2)
    assert chat.body().inner_text().startswith(said)


def test_regenerate_edit_switch_versions_delete_undo_and_fork(chat: Chat) -> None:
    _send(chat, "again and again [[say:yes]]")
    _reload_until(chat, "completed")
    _press(chat, "Regenerate")
    _reload_until(chat, "completed")
    expect(chat.answer.locator(".versions")).to_contain_text("2/2")
    _press(chat, "Previous version")
    expect(chat.answer.locator(".versions")).to_contain_text("1/2")
    question = chat.articles.first
    _press(chat, "Edit")
    chat.page.get_by_role("textbox", name="Edited text").fill("in other words [[say:other words, too]]")
    _press(chat, "Save")
    _reload_until(chat, "completed")
    expect(chat.body()).to_have_text("other words, too")
    expect(question.locator(".versions")).to_contain_text("2/2")
    _open_more(chat, question)
    _press(chat, "Delete this version")
    expect(chat.page.get_by_role("status").first).to_contain_text("Your message was deleted, with what followed it.")
    expect(chat.body(question)).to_contain_text("again and again")
    _press(chat, "Undo")
    expect(chat.body(question)).to_contain_text("in other words")
    address = chat.page.url
    _open_more(chat, chat.answer)
    _press(chat, "Fork into a new chat")
    assert chat.page.url.split("?")[0] != address.split("?")[0]
    expect(chat.body()).to_have_text("other words, too")
    expect(chat.rows).to_have_count(2)


def _open_more(chat: Chat, article: Locator) -> None:
    with chat.page.expect_navigation():
        article.get_by_role("button", name="More").click()


def test_a_thumb_and_why(chat: Chat) -> None:
    _send(chat, "well? [[say:no]]")
    _reload_until(chat, "completed")
    _press(chat, "Bad response")
    expect(chat.page.get_by_role("heading", level=1)).to_have_text("What was wrong with it?")
    chat.page.get_by_role("radio").first.check()
    chat.page.get_by_role("textbox", name="In your words").fill("It left the question open.")
    _press(chat, "Send feedback")
    expect(chat.page.get_by_role("status").first).to_contain_text("Thank you.")
    expect(chat.button("Bad response")).to_have_attribute("aria-pressed", "true")
    _open_more(chat, chat.answer)
    with chat.page.expect_navigation():
        chat.page.get_by_role("link", name="Say why…").click()
    expect(chat.page.get_by_role("textbox", name="In your words")).to_have_value("It left the question open.")


def test_a_refusal_comes_with_the_text_still_in_the_composer(chat: Chat) -> None:
    chat.message.evaluate("e => e.removeAttribute('required')")
    _send(chat, "   ")
    expect(chat.page.get_by_role("alert")).to_contain_text("Write something first.")


def test_rename_delete_and_undo(chat: Chat) -> None:
    _send(chat, "a name to be [[say:yes]]")
    _reload_until(chat, "completed")
    address = chat.page.url
    with chat.page.expect_navigation():
        chat.page.locator("header").get_by_role("button", name="Options").click()
    chat.page.locator("summary", has_text="Rename").click()
    chat.page.get_by_role("textbox", name="Name").fill("Quite another name")
    chat.button("Rename").click()
    expect(chat.page.get_by_role("heading", level=1)).to_have_text("Quite another name")
    expect(chat.rows.first).to_contain_text("Quite another name")
    with chat.page.expect_navigation():
        chat.page.locator("header").get_by_role("button", name="Options").click()
    _press(chat, "Delete")
    expect(chat.page.get_by_role("status").first).to_contain_text("“Quite another name” was deleted.")
    expect(chat.rows).to_have_count(0)
    chat.button("Undo").click()
    expect(chat.page).to_have_url(address.split("#")[0])
    expect(chat.articles).to_have_count(2)


def test_older_messages_and_older_conversations(sign_up: Callable[..., Person], stack: Stack) -> None:
    person = sign_up(java_script_enabled=False)
    seed(stack, person, conversations=35, messages=70)
    chat = person.chat
    chat.page.reload()
    expect(chat.rows.get_by_role("link")).to_have_count(31)  # thirty, and the way to the others
    chat.rows.first.get_by_role("link").click()
    expect(chat.articles).to_have_count(30)
    chat.page.get_by_role("link", name="Show earlier messages").click()
    expect(chat.articles).to_have_count(30)
    expect(chat.body(chat.articles.first)).to_have_text("message 11")
    chat.page.get_by_role("link", name="Show earlier messages").click()
    expect(chat.articles).to_have_count(10)
    chat.page.get_by_role("link", name="Back to the conversation").click()
    chat.page.get_by_role("link", name="Show more").click()
    expect(chat.page.get_by_role("heading", level=1)).to_have_text("Earlier conversations")
    expect(chat.page.get_by_role("link", name="conversation 35")).to_be_visible()


def test_a_link_is_made_revoked_and_brought_back_and_the_focus_is_where_one_goes_on(chat: Chat) -> None:
    _send(chat, "What is it? [[say:It is this.]]")
    _reload_until(chat, "completed")
    with chat.page.expect_navigation():
        chat.page.locator("header").get_by_role("button", name="Options").click()
    with chat.page.expect_navigation():
        chat.page.get_by_role("link", name="Share…").click()
    _press(chat, "Create link")
    with chat.page.expect_navigation():
        chat.page.get_by_role("link", name="All your links").click()
    title = chat.page.locator(".share-row [dir=auto]").inner_text()
    _press(chat, f"Revoke the link to {title}")
    undo = chat.button(f"Undo: let the link to {title} work again")
    expect(undo).to_be_focused()
    with chat.page.expect_navigation():
        chat.page.keyboard.press("Enter")
    expect(chat.button(f"Revoke the link to {title}")).to_be_focused()
    _press(chat, f"Update the link to {title}")
    expect(chat.button(f"Update the link to {title}")).to_be_focused()


def test_sign_out(chat: Chat) -> None:
    chat.page.locator("details.account summary").click()
    chat.button("Sign out").click()
    expect(chat.page.get_by_role("link", name="Sign in").first).to_be_visible()
