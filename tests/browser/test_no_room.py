"""What a plan has no room for is offered with a cheaper model: what waited, other words, another answer."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.axe import violations
from tests.browser.person import Person
from tests.browser.seed import choose_model, dear_and_cheap
from tests.browser.test_branches import editor, press, question
from tests.browser.test_queue import waiting
from tests.browser.test_send_message import _messages
from tests.stack import Stack


def test_what_waited_and_had_no_room_goes_with_a_cheaper_model_and_not_the_draft(person: Person, stack: Stack) -> None:
    dear_and_cheap(stack, person, dollars="0.01", last="modest")
    chat = person.chat
    chat.send("first [[slow:40]] [[long:40]]")
    chat.wait_status("running")
    choose_model(chat, "Splendid")
    chat.message.fill("second [[say:the second answer]]")
    chat.message.press("Enter")
    expect(waiting(chat)).to_contain_text("Is sent when the answer has ended")
    chat.message.fill("a draft")
    offer = chat.button("Send with Modest")
    expect(offer).to_be_visible()
    expect(chat.page.locator("#estimate")).to_contain_text("more than your plan has left")
    offer.focus()
    chat.page.keyboard.press("Enter")
    chat.wait_text("the second answer")
    expect(waiting(chat)).to_be_hidden()
    expect(chat.page.get_by_role("alert")).to_have_count(0)
    expect(chat.answer.locator(".who")).to_contain_text("Modest")
    expect(chat.message).to_have_value("a draft")
    expect(chat.message).to_be_focused()
    expect(chat.page.locator("#estimate")).not_to_contain_text("more than your plan has left")
    assert _messages(stack, person) == 4


def test_what_has_no_room_with_one_model_lets_one_choose_another(person: Person, stack: Stack) -> None:
    dear_and_cheap(stack, person, dollars="0.01", last="splendid")
    chat = person.chat
    chat.send("one more")
    card = chat.page.get_by_role("alert")
    expect(card).to_contain_text("There is no room for this in your plan.")
    expect(card.get_by_role("button", name="Send with Modest")).to_be_visible()
    expect(chat.message).to_have_value("one more")
    card.get_by_role("button", name="Choose another model").click()
    expect(chat.page.get_by_role("combobox", name="Model")).to_be_focused()


def test_other_words_and_another_answer_without_room_go_with_a_cheaper_model(person: Person, stack: Stack) -> None:
    dear_and_cheap(stack, person, dollars="0.01", last="modest")
    chat = person.chat
    chat.ask("first [[say:one]]")
    choose_model(chat, "Splendid")
    chat.message.fill("a draft")
    question(chat).hover()
    press(question(chat), "Edit")
    editor(chat).fill("other [[say:two]]")
    chat.button("Save").click()
    offer = question(chat).get_by_role("button", name="Send with Modest")
    assert violations(chat.page, "#scroll") == []
    offer.focus()
    chat.page.keyboard.press("Enter")
    chat.wait_text("two")
    expect(question(chat).locator(".versions")).to_contain_text("2/2")
    expect(chat.message).to_have_value("a draft")
    # Another answer.
    chat.wait_status("completed")
    press(chat.answer, "Answer again with…")
    chat.page.get_by_role("option", name=re.compile("Splendid")).click()
    offer = chat.button("Answer with Modest")
    expect(chat.button("Choose another model")).to_be_visible()
    offer.focus()
    chat.page.keyboard.press("Enter")
    expect(chat.answer.locator(".versions")).to_contain_text("2/2")
    chat.wait_status("completed")
    expect(chat.answer.locator(".who")).to_contain_text("Modest")
    expect(chat.page.get_by_role("alert")).to_have_count(0)
    expect(chat.message).to_be_focused()
    expect(chat.articles).to_have_count(2)
