"""Scrolling, copying, and what a page weighs."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.person import Chat, Person
from tests.browser.seed import seed
from tests.stack import Stack, wait_until

FIRST_VISIT_KB = 90


def _distance(chat: Chat) -> float:
    """Pixels between what is seen and the end of the log."""
    return float(chat.page.locator("#scroll").evaluate("e => e.scrollHeight - e.clientHeight - e.scrollTop"))


def test_the_page_follows_the_answer_and_lets_go_when_one_scrolls_up(person: Person) -> None:
    chat = person.chat
    chat.send("[[slow:15]] [[long:500]]")
    chat.wait_text("Part 2")
    wait_until(lambda: _distance(chat) < 60, "the page to be at its end, whatever has come this moment")
    chat.page.locator("#scroll").hover()
    chat.page.mouse.wheel(0, -400)
    latest = chat.button("Jump to the latest")
    expect(latest).to_be_visible()
    top = chat.settled("#scroll")
    chat.wait_status("completed")
    assert abs(chat.page.locator("#scroll").evaluate("e => e.scrollTop") - top) < 2
    latest.click()
    expect(latest).to_be_hidden()
    assert _distance(chat) < 2
    for _ in range(3):  # also while the page still glides upwards
        chat.page.locator("#scroll").focus()
        for _ in range(4):
            chat.page.keyboard.press("PageUp")
        wait_until(lambda: _distance(chat) > 100, "a glide that has begun")
        latest.evaluate("button => button.click()")
        chat.settled("#scroll")
        assert _distance(chat) < 2


def test_older_messages_come_while_scrolling_and_nothing_jumps(person: Person, stack: Stack) -> None:
    seed(stack, person, conversations=1, messages=75)
    chat = person.chat
    chat.page.reload()
    chat.rows.first.get_by_role("link").click()
    expect(chat.articles).to_have_count(30)
    expect(chat.body(chat.articles.last)).to_be_in_viewport()
    for count in (60, 75):
        first = chat.articles.first.get_attribute("id")
        chat.page.locator(".older").scroll_into_view_if_needed()
        expect(chat.articles).to_have_count(count)
        expect(chat.page.locator(f"#{first}")).to_be_in_viewport()
    expect(chat.page.locator(".older")).to_have_count(0)
    texts = chat.page.locator('article [data-part="body"]').all_inner_texts()
    assert [text.strip() for text in texts] == [f"message {n}" for n in range(1, 76)]


def test_a_log_that_is_fetched_again_keeps_the_older_messages(person: Person, stack: Stack) -> None:
    seed(stack, person, conversations=1, messages=40)
    chat = person.chat
    chat.page.reload()
    chat.rows.first.get_by_role("link").click()
    chat.page.locator(".older").scroll_into_view_if_needed()
    expect(chat.articles).to_have_count(40)
    chat.ask("again [[say:one]]")
    chat.button("Regenerate").last.click()
    expect(chat.answer.locator(".versions")).to_contain_text("2/2")
    expect(chat.articles).to_have_count(42)


def test_copy_gives_the_markdown_and_copy_code_the_code(person: Person) -> None:
    person.context.grant_permissions(["clipboard-read", "clipboard-write"])
    chat = person.chat
    chat.ask("[[say:Some **bold** words:\\n\\n```python\\nprint(1)\\nprint(2)\\n```]]")
    chat.answer.get_by_role("button", name="Copy", exact=True).click()
    wait_until(lambda: _clipboard(chat).startswith("Some **bold** words:"), "the Markdown in the clipboard")
    expect(chat.page.locator("#announcer")).to_contain_text("Copied")
    chat.button("Copy code").click()
    wait_until(lambda: _clipboard(chat) == "print(1)\nprint(2)", "the code in the clipboard")


def _clipboard(chat: Chat) -> str:
    return str(chat.page.evaluate("navigator.clipboard.readText()"))


def test_a_first_visit_transfers_little(chromium: Browser, person: Person, stack: Stack) -> None:
    seed(stack, person, conversations=40, messages=60)
    person.chat.page.reload()
    address = person.chat.rows.first.get_by_role("link").get_attribute("href")
    assert address
    context = chromium.new_context(base_url=stack.url, storage_state=person.context.storage_state())
    page = context.new_page()
    devtools = context.new_cdp_session(page)
    devtools.send("Network.enable")
    sizes: list[float] = []
    devtools.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.goto(address)
    page.get_by_role("meter", name="Quota").wait_for()
    context.close()
    assert sum(sizes) <= FIRST_VISIT_KB * 1000, sorted(sizes)


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>globalThis.hacked = 1</script>",
        '<img src="x" onerror="globalThis.hacked = 1">',
        "[click](javascript:globalThis.hacked=1)",
        "![pixel](http://127.0.0.1:9/pixel.png)",
        "\u202eright to left\u202c",
    ],
)
def test_hostile_text_is_text_in_the_question_the_answer_and_the_title(person: Person, hostile: str) -> None:
    chat = person.chat
    asked: list[Any] = []
    chat.page.on("request", lambda request: asked.append(request.url))
    chat.ask(f"{hostile} [[say:{hostile}]]")
    chat.page.reload()
    chat.wait_status("completed")
    assert chat.page.evaluate("globalThis.hacked") is None
    assert chat.page.locator("#log :is(script, img, iframe, [onerror], a[href^='javascript'])").count() == 0
    assert not [url for url in asked if ":9/" in url]
