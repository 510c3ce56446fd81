"""Edit, regenerate, continue, fork, delete, rate: with the mouse, by keyboard, in two tabs."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Locator, Route, expect

from tests.browser.axe import violations
from tests.browser.person import SECONDS, Chat, Person
from tests.browser.test_accessibility import PHONE


def question(chat: Chat) -> Locator:
    """One's own last message."""
    return chat.page.locator('article[data-role="user"]').last


def press(message: Locator, name: str) -> None:
    message.get_by_role("button", name=name, exact=True).click()


def editor(chat: Chat) -> Locator:
    return chat.page.get_by_role("textbox", name="Edited text")


def choose(chat: Chat, message: Locator, line: str) -> None:
    press(message, "More")
    chat.page.get_by_role("dialog").get_by_role("button", name=line).click()


def test_an_edit_is_made_in_place_and_answered_anew(person: Person) -> None:
    chat = person.chat
    chat.ask("first [[say:one]]")
    chat.ask("second [[say:two]]")
    question(chat).hover()
    press(question(chat), "Edit")
    expect(editor(chat)).to_be_focused()
    expect(editor(chat)).to_have_value("second [[say:two]]")
    editor(chat).fill("other [[say:three]]")
    assert violations(chat.page, "#scroll") == []
    editor(chat).press("Enter")
    chat.wait_text("three")
    expect(chat.articles).to_have_count(4)
    expect(editor(chat)).to_have_count(0)
    expect(chat.message).to_be_focused()
    expect(question(chat).locator(".versions")).to_contain_text("2/2")
    press(question(chat), "Previous version")
    chat.wait_text("two")
    expect(question(chat).get_by_role("button", name="Next version")).to_be_focused()


def test_the_first_message_too_and_one_continues_where_one_was(person: Person) -> None:
    chat = person.chat
    chat.ask("first [[say:one]]")
    chat.ask("second [[say:two]]")
    press(chat.articles.first, "Edit")
    editor(chat).fill("another beginning [[say:three]]")
    chat.button("Save").click()
    chat.wait_text("three")
    expect(chat.articles).to_have_count(2)
    press(chat.articles.first, "Previous version")
    expect(chat.articles).to_have_count(4)
    chat.wait_text("two")


def test_escape_puts_the_message_back_and_stops_nothing(person: Person) -> None:
    chat = person.chat
    chat.ask("first [[say:one]]")
    chat.send("second [[long:400]] [[slow:40]]")
    chat.wait_status("running")
    press(chat.articles.first, "Edit")
    editor(chat).fill("never sent")
    editor(chat).press("Escape")
    expect(editor(chat)).to_have_count(0)
    expect(chat.body(chat.articles.first)).to_have_text("first [[say:one]]")
    expect(chat.articles.first.get_by_role("button", name="Edit")).to_be_focused()
    expect(chat.answer).to_have_attribute("data-status", "running")
    press(chat.articles.first, "Edit")
    editor(chat).fill("too early")
    editor(chat).press("Enter")
    expect(chat.articles.first.get_by_role("alert")).to_contain_text("still being written")
    expect(editor(chat)).to_have_value("too early")
    chat.message.press("Escape")
    chat.wait_status("stopped")
    expect(editor(chat)).to_have_value("too early")
    chat.button("Save").click()
    expect(chat.body(chat.articles.first)).to_have_text("too early")


def test_what_is_being_edited_survives_another_version_being_chosen_elsewhere(person: Person) -> None:
    chat = person.chat
    chat.ask("first [[say:one]]")
    other = person.open(chat.page.url)
    other.wait_connected()
    press(chat.articles.first, "Edit")
    editor(chat).fill("a long thought")
    press(other.articles.first, "Edit")
    editor(other).fill("elsewhere [[say:two]]")
    editor(other).press("Enter")
    expect(chat.page.get_by_role("alert")).to_contain_text("Your text is kept")
    press(chat.articles.first, "Previous version")
    expect(chat.body(chat.articles.first)).to_have_text("first [[say:one]]")
    press(chat.articles.first, "Edit")
    expect(editor(chat)).to_have_value("a long thought")


def test_both_tabs_follow_an_edit_a_switch_a_thumb_and_a_deletion(person: Person) -> None:
    chat = person.chat
    chat.ask("first [[say:one]]")
    chat.ask("second [[say:two]]")
    other = person.open(chat.page.url)
    other.wait_connected()
    press(chat.articles.first, "Edit")
    editor(chat).fill("changed [[say:three]]")
    editor(chat).press("Enter")
    for tab in (chat, other):
        tab.wait_text("three")
        expect(tab.articles).to_have_count(2)
    press(other.articles.first, "Previous version")
    expect(chat.articles).to_have_count(4)
    press(chat.answer, "Good response")
    for tab in (chat, other):
        expect(tab.answer.get_by_role("button", name="Good response")).to_have_attribute("aria-pressed", "true")
    choose(other, other.answer, "Delete from here on")
    for tab in (chat, other):
        expect(tab.articles).to_have_count(3)
        expect(tab.button("Get an answer")).to_be_visible()
    other.page.get_by_role("status").get_by_role("button", name="Undo").click()
    for tab in (chat, other):
        expect(tab.articles).to_have_count(4)
        expect(tab.button("Get an answer")).to_have_count(0)
    assert chat.bodies() == other.bodies()


def test_regenerate_with_a_chosen_model_by_keyboard(person: Person) -> None:
    chat = person.chat
    chat.ask("again")
    opener = chat.answer.get_by_role("button", name="Answer again with…")
    opener.focus()
    expect(chat.answer.locator(".acts")).to_have_css("opacity", "1")
    chat.page.keyboard.press("Enter")
    field = chat.page.get_by_role("combobox", name="Search models")
    expect(field).to_be_focused()
    assert violations(chat.page, "#dialog") == []
    chat.page.keyboard.press("Escape")
    expect(opener).to_be_focused()
    chat.page.keyboard.press("Enter")
    field.press("Enter")
    expect(chat.answer.locator(".versions")).to_contain_text("2/2", timeout=SECONDS)
    chat.wait_status("completed")


def test_continue_goes_on_in_a_new_version(person: Person) -> None:
    chat = person.chat
    chat.send("[[say:One two three. Four five six.\\n\\n- seven\\n- eight]] [[cut:5]]")
    chat.wait_status("interrupted", "failed")
    before = chat.body().inner_text()
    chat.button("Continue").click()
    chat.wait_status("completed")
    expect(chat.answer.locator(".versions")).to_contain_text("2/2")
    expect(chat.body().get_by_role("listitem")).to_have_text(["seven", "eight"])
    live = chat.bodies()
    chat.page.reload()
    assert chat.bodies() == live
    press(chat.answer, "Previous version")
    expect(chat.body()).to_have_text(before)


def test_what_was_there_already_is_not_announced_again(person: Person) -> None:
    chat = person.chat
    chat.send("[[say:Once upon a time. There was a king. He had a daughter. She sang.]] [[cut:8]] [[slow:30]]")
    chat.wait_status("interrupted", "failed")
    expect(chat.page.locator("#announcer")).to_contain_text("There was a king")
    chat.page.locator("#announcer").evaluate("e => e.replaceChildren()")
    chat.button("Continue").click()
    chat.wait_status("completed")
    expect(chat.page.locator("#announcer")).to_contain_text("She sang.")
    expect(chat.page.locator("#announcer")).not_to_contain_text("Once upon")


def test_what_came_with_it_late_is_announced(person: Person) -> None:
    chat = person.chat
    chat.send("[[say:Once upon a time. There was a king. He had a daughter. She sang.]] [[cut:8]] [[slow:150]]")
    chat.wait_status("interrupted", "failed")
    other = person.open(chat.page.url)
    other.wait_connected()

    def late(route: Route) -> None:
        other.page.wait_for_timeout(500)  # by then some words more are there
        route.continue_()

    other.page.route("**/c/**", late, times=1)
    chat.button("Continue").click()
    other.wait_status("completed")
    announcer = other.page.locator("#announcer")
    for words in ("He had a daughter.", "She sang.", "Answer finished."):
        expect(announcer).to_contain_text(words)
    expect(announcer).not_to_contain_text("Once upon")
    expect(announcer).not_to_contain_text("king")


def test_a_fork_is_a_new_chat_with_the_way_up_to_there(person: Person) -> None:
    chat = person.chat
    chat.ask("first [[say:one]]")
    chat.ask("second [[say:two]]")
    here = chat.page.url
    choose(chat, chat.page.locator('article[data-role="assistant"]').first, "Fork into a new chat")
    expect(chat.page).not_to_have_url(here)
    expect(chat.page.get_by_role("heading", level=1)).to_contain_text("Fork of")
    expect(chat.articles).to_have_count(2)
    chat.ask("on we go [[say:three]]")
    expect(chat.rows).to_have_count(2)


def test_a_bad_answer_may_be_explained(person: Person) -> None:
    chat = person.chat
    chat.ask("first [[say:one]]")
    press(chat.answer, "Bad response")
    dialog = chat.page.get_by_role("dialog")
    expect(dialog.get_by_role("heading", name="What was wrong with it?")).to_be_visible()
    expect(dialog.get_by_role("radio").first).to_be_focused()
    assert violations(chat.page, "#dialog") == []
    dialog.get_by_role("radio", name="It is too long").check()
    dialog.get_by_role("textbox").fill("One word would do.")
    dialog.get_by_role("button", name="Send feedback").click()
    expect(dialog).to_have_count(0)
    expect(chat.page.get_by_role("status").filter(has_text="Thank you")).to_be_visible()
    bad = chat.answer.get_by_role("button", name="Bad response")
    expect(bad).to_have_attribute("aria-pressed", "true")
    expect(bad).to_be_focused()
    bad.press("Enter")
    expect(bad).to_have_attribute("aria-pressed", "false")


def test_everything_deleted_one_writes_anew(person: Person) -> None:
    chat = person.chat
    chat.ask("first [[say:one]]")
    choose(chat, chat.articles.first, "Delete from here on")
    expect(chat.articles).to_have_count(0)
    expect(chat.page.get_by_role("heading", name="Empty again")).to_be_visible()
    assert violations(chat.page, "#scroll") == []
    chat.ask("second [[say:two]]")
    expect(chat.page.get_by_role("heading", name="Empty again")).to_be_hidden()


def test_a_tab_that_was_offline_makes_a_version_and_is_told(person: Person) -> None:
    chat = person.chat
    chat.ask("first [[say:one]]")
    page = person.context.new_page()
    page.route_web_socket(re.compile("/ws/"), lambda socket: None)  # it never hears anything
    page.goto(chat.page.url)
    behind = Chat(page)
    chat.ask("second [[say:two]]")
    press(behind.answer, "Regenerate")
    expect(behind.page.get_by_role("alert")).to_contain_text("This page was behind")
    expect(chat.articles).to_have_count(2)
    expect(chat.answer.locator(".versions")).to_contain_text("2/2", timeout=SECONDS)
    press(chat.answer, "Previous version")
    expect(chat.articles).to_have_count(4)


def test_on_a_phone_all_of_it_is_within_reach(sign_up: Callable[..., Person]) -> None:
    chat = sign_up(**PHONE).chat
    chat.ask("first [[say:one]]")
    for message, names in (
        (chat.articles.first, ("Copy", "Edit", "More")),
        (chat.answer, ("Copy", "Regenerate", "Good response", "Bad response", "More")),
    ):
        for name in names:
            box = message.get_by_role("button", name=name, exact=True).bounding_box()
            assert box is not None
            assert min(box["width"], box["height"]) >= 40
            assert 0 <= box["x"] <= 390 - box["width"]
    expect(chat.articles.first.locator(".acts")).to_have_css("opacity", "1")
    chat.articles.first.get_by_role("button", name="More").tap()
    expect(chat.page.get_by_role("button", name=re.compile("^Fork"))).to_be_visible()
    assert violations(chat.page, "#options") == []
