"""Reading answers and judging them, with the keyboard alone, on a desk and in a window as narrow as a phone."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.keys import WIDTHS, Keys
from tests.stack import Stack, wait_until


@WIDTHS
def test_thumbs_with_a_reason_and_words(keys: Keys, stack: Stack) -> None:
    chat, dialog = keys.chat, keys.page.locator("#dialog")
    keys.ask("first [[say:one]]")
    keys.press("Shift+Escape")
    keys.use("Bad response")
    expect(dialog.get_by_role("heading", name="What was wrong with it?")).to_be_visible()
    expect(dialog.get_by_role("radio").first).to_be_focused()
    for _ in range(10):
        if dialog.get_by_role("radio", name="It is too long").is_checked():
            break
        keys.press("ArrowDown")
    keys.to("In your words (optional)", "Tab")
    keys.type("One word would do.")
    keys.use("Send feedback", "Tab")
    bad = chat.answer.get_by_role("button", name="Bad response")
    expect(bad).to_have_attribute("aria-pressed", "true")
    expect(bad).to_be_focused()
    assert _ratings(stack, keys) == [("bad", "too_long", "One word would do.")]
    # The other thumb in its place, and its own reason, from the answer's menu.
    keys.use("Good response")
    expect(chat.answer.get_by_role("button", name="Good response")).to_have_attribute("aria-pressed", "true")
    expect(bad).to_have_attribute("aria-pressed", "false")
    keys.use("More", "Tab")
    expect(keys.page.locator("#options :is(a, button)").first).to_be_focused()
    keys.line("Say why…")
    expect(dialog.get_by_role("heading", name="What was good about it?")).to_be_visible()
    keys.press("Escape")
    expect(dialog).to_be_hidden()
    expect(chat.answer.get_by_role("button", name="More")).to_be_focused()
    assert _ratings(stack, keys) == [("good", "", "")]
    # And none at all.
    keys.use("Good response")
    expect(chat.answer.get_by_role("button", name="Good response")).to_have_attribute("aria-pressed", "false")
    expect(chat.answer.get_by_role("button", name="Good response")).to_be_focused()
    assert _ratings(stack, keys) == []


@WIDTHS
def test_another_model_a_continuation_and_a_deleted_end(keys: Keys) -> None:
    chat, page = keys.chat, keys.page
    keys.ask("[[say:One two three. Four five six.\\n\\n- seven\\n- eight]] [[cut:5]]", "failed")
    keys.press("Shift+Escape")
    keys.use("Continue")
    chat.wait_status("completed")
    expect(chat.answer.locator(".versions")).to_contain_text("2/2")
    expect(chat.body().get_by_role("listitem")).to_have_text(["seven", "eight"])
    keys.press("Shift+Escape")
    keys.use("Answer again with…")
    expect(page.get_by_role("combobox", name="Search models")).to_be_focused()
    keys.press("Enter")
    expect(chat.answer.locator(".versions")).to_contain_text("3/3")
    chat.wait_status("completed", "failed")
    keys.ask("second [[say:two]]")
    chat.articles.nth(2).focus()
    keys.use("More", "Tab")
    expect(page.locator("#options :is(a, button)").first).to_be_focused()
    keys.line("Delete from here on")
    expect(chat.articles).to_have_count(2)
    keys.press("Alt+Shift+N")
    expect(chat.button("Undo").last).to_be_focused()
    keys.press("Enter")
    expect(chat.articles).to_have_count(4)
    chat.wait_text("two")


@WIDTHS
def test_the_page_lets_go_of_an_answer_when_one_reads_upwards(keys: Keys) -> None:
    chat, scroll = keys.chat, keys.page.locator("#scroll")
    keys.ask("[[long:400]]")
    keys.write("[[slow:15]] [[long:300]]")
    keys.press("Enter")
    expect(chat.articles).to_have_count(4)  # the answer above has a second part as well
    chat.wait_text("Part 2")
    wait_until(lambda: scroll.evaluate("e => e.scrollHeight - e.clientHeight - e.scrollTop") < 60, "the page to be at its end")
    scroll.focus()
    keys.press("PageUp")
    latest = chat.button("Jump to the latest")
    expect(latest).to_be_visible()
    page_up = keys.chat.settled("#scroll")
    chat.wait_status("completed")
    assert abs(scroll.evaluate("e => e.scrollTop") - page_up) < 2
    keys.press("Shift+Escape")
    assert abs(scroll.evaluate("e => e.scrollTop") - page_up) < 2, "going to the composer leaves what is read where it is"
    keys.use("Jump to the latest")
    expect(latest).to_be_hidden()
    expect(chat.message).to_be_focused()
    assert keys.chat.settled("#scroll") > page_up


def _ratings(stack: Stack, keys: Keys) -> list[tuple[object, ...]]:
    given = "SELECT f.rating, f.reason, f.comment FROM conversations_feedback f JOIN accounts_user u ON u.id = f.user_id WHERE u.email = %s"
    with stack.database() as connection:
        return connection.execute(given, [keys.person.email]).fetchall()
