"""One message waits its turn: visible, free to be changed, sent once when the answer has ended."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.person import Chat, Person
from tests.browser.test_send_message import _messages
from tests.stack import Stack

LONG_ANSWER = "[[slow:40]] [[long:125]]"  # some five seconds


def waiting(chat: Chat) -> Locator:
    return chat.page.get_by_role("form", name="Waiting message")


def _answering(person: Person) -> Chat:
    """A conversation in which an answer is being written."""
    chat = person.chat
    chat.ask("first [[say:one]]")
    chat.send(LONG_ANSWER)
    chat.wait_status("running")
    return chat


def test_what_is_sent_while_an_answer_runs_waits_and_the_composer_is_free(person: Person, stack: Stack) -> None:
    chat = _answering(person)
    expect(chat.button("Send")).to_be_hidden()
    chat.message.fill("second [[say:the second answer]]")
    expect(chat.button("Stop")).to_be_visible()
    chat.button("Send").click()
    expect(waiting(chat)).to_contain_text("Is sent when the answer has ended")
    expect(waiting(chat)).to_contain_text("second [[say:the second answer]]")
    expect(chat.message).to_have_value("")
    chat.message.fill("a third, not yet sent")
    chat.message.press("Enter")
    expect(chat.page.get_by_role("alert")).to_contain_text("One message is waiting already")
    chat.wait_text("the second answer")
    expect(waiting(chat)).to_be_hidden()
    expect(chat.articles).to_have_count(6)
    expect(chat.message).to_have_value("a third, not yet sent")
    assert _messages(stack, person) == 6


def _answer_late(chat: Chat) -> None:
    """The server takes what is sent at once; its answer to the sender comes when the socket has shown everything already."""
    late = """(() => {
      const send = XMLHttpRequest.prototype.send;
      XMLHttpRequest.prototype.send = function (...args) {
        const { onload } = this;
        this.onload = (event) => setTimeout(() => onload.call(this, event), 1500);
        send.apply(this, args);
      };
    })()"""
    chat.page.evaluate(late)


@pytest.mark.parametrize("written", ["over it", "behind it"])
def test_what_is_sent_before_the_server_has_answered_waits_too(person: Person, stack: Stack, written: str) -> None:
    chat = person.chat
    chat.ask("first [[say:one]]")
    _answer_late(chat)
    chat.send(LONG_ANSWER)
    chat.wait_status("running")
    if written == "over it":
        chat.message.fill("second [[say:the second answer]]")
    else:
        chat.message.press_sequentially("second [[say:the second answer]]")
    chat.message.press("Enter")
    chat.message.press("Enter")
    expect(waiting(chat)).to_contain_text("second [[say:the second answer]]")
    expect(waiting(chat)).not_to_contain_text("long")
    expect(chat.message).to_have_value("")
    chat.wait_text("the second answer")
    assert _messages(stack, person) == 6


def test_what_is_sent_before_the_first_message_has_its_conversation_waits_in_it(person: Person, stack: Stack) -> None:
    chat = person.chat
    _answer_late(chat)
    chat.send(LONG_ANSWER)
    chat.message.fill("second [[say:the second answer]]")
    chat.message.press("Enter")
    expect(waiting(chat)).to_contain_text("second")
    chat.wait_text("the second answer")
    assert _messages(stack, person) == 4


def test_after_a_refusal_what_was_sent_behind_it_stays(person: Person) -> None:
    chat = person.chat
    chat.ask("first [[say:one]]")
    _answer_late(chat)
    chat.page.route(chat.page.url, lambda route: route.fulfill(status=503, body="<p>Not now.</p>"))
    chat.send("second [[say:two]]")
    chat.message.fill("third")
    chat.message.press("Enter")
    expect(chat.page.locator("#composer-notice")).to_contain_text("Not now.")
    expect(chat.message).to_have_value("third")
    expect(chat.articles).to_have_count(2)


def test_it_survives_a_reload_and_two_tabs_send_it_once(person: Person, stack: Stack) -> None:
    chat = _answering(person)
    other = person.open(chat.page.url)
    other.wait_connected()
    chat.message.fill("second [[say:the second answer]]")
    chat.message.press("Enter")
    expect(waiting(other)).to_contain_text("second")
    chat.page.reload()
    expect(waiting(chat)).to_contain_text("second")
    for tab in (chat, other):
        tab.wait_text("the second answer")
        expect(waiting(tab)).to_be_hidden()
        expect(tab.articles).to_have_count(6)
    assert _messages(stack, person) == 6


SLOW_TAB = """
const request = navigator.locks.request.bind(navigator.locks);
navigator.locks.request = (...args) => setTimeout(() => request(...args), 500);
addEventListener("storage", (event) => {
  if (!event.isTrusted) return;
  event.stopImmediatePropagation();
  const { key, oldValue, newValue } = event;
  setTimeout(() => {
    dispatchEvent(new StorageEvent("storage", { key, oldValue, newValue }));
    globalThis.toldOfSending ||= newValue === null && key.startsWith("queued");
  }, 1500);
});
"""


def test_a_tab_that_hears_late_what_another_sent_does_not_let_it_wait_again(person: Person, stack: Stack) -> None:
    chat = _answering(person)
    chat.message.fill("second [[say:the second answer]]")
    chat.message.press("Enter")
    person.run_in_every_page(SLOW_TAB)
    other = person.open(chat.page.url)
    expect(waiting(other)).to_contain_text("second")
    for tab in (chat, other):
        tab.wait_text("the second answer")
        tab.wait_status("completed")
    other.page.wait_for_function("() => globalThis.toldOfSending")
    for tab in (chat, other):
        expect(waiting(tab)).to_be_hidden()
        assert tab.page.evaluate("Object.keys(localStorage).filter((name) => name.startsWith('queued'))") == []
    assert _messages(stack, person) == 6


def test_it_can_be_taken_back_into_the_composer_and_removed_with_undo(person: Person) -> None:
    chat = _answering(person)
    chat.message.fill("second")
    chat.message.press("Enter")
    chat.message.fill("and more")
    chat.button("Edit the waiting message").click()
    expect(chat.message).to_have_value("second\n\nand more")
    expect(waiting(chat)).to_be_hidden()
    chat.message.press("Enter")
    chat.button("Remove the waiting message").click()
    expect(waiting(chat)).to_be_hidden()
    chat.button("Undo").click()
    expect(waiting(chat)).to_contain_text("and more")
    chat.page.reload()
    chat.button("Edit the waiting message").click()
    expect(chat.page.locator("#estimate")).to_contain_text("with the context")


def test_after_a_stopped_answer_it_asks_first(person: Person, stack: Stack) -> None:
    chat = _answering(person)
    chat.message.fill("second [[say:the second answer]]")
    chat.message.press("Enter")
    chat.page.keyboard.press("Escape")
    chat.wait_status("stopped")
    expect(waiting(chat)).to_contain_text("The answer was stopped. Send this now?")
    chat.page.reload()
    expect(waiting(chat)).to_contain_text("The answer was stopped. Send this now?")
    assert _messages(stack, person) == 4
    chat.button("Send now").click()
    chat.wait_text("the second answer")
    expect(waiting(chat)).to_be_hidden()
    assert _messages(stack, person) == 6


def test_after_a_failed_answer_it_asks_too(person: Person) -> None:
    chat = person.chat
    chat.ask("first [[say:one]]")
    chat.send("[[slow:60]] [[long:80]] [[break:server_error:40]]")
    chat.wait_status("running")
    chat.message.fill("second")
    chat.message.press("Enter")
    expect(waiting(chat)).to_contain_text("Is sent when the answer has ended")
    expect(waiting(chat)).to_contain_text("Send this anyway?", timeout=20_000)


def test_what_cannot_be_sent_stays_and_can_be_tried_again(person: Person, stack: Stack) -> None:
    chat = _answering(person)
    chat.message.fill("second [[say:the second answer]]")
    chat.message.press("Enter")
    address = chat.page.url
    chat.page.route(address, lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    expect(waiting(chat)).to_contain_text("This could not be sent yet.", timeout=20_000)
    chat.page.unroute(address)
    chat.button("Send now").click()
    chat.wait_text("the second answer")
    expect(chat.page.get_by_role("alert")).to_have_count(0)
    assert _messages(stack, person) == 6
