"""Whatever somebody presses twice, or does while the network is slow, is said once."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Route, expect

from tests.browser.keys import WIDTHS, Keys
from tests.browser.person import Chat, Person
from tests.browser.test_accessibility import PHONE
from tests.browser.test_send_message import _messages
from tests.stack import Stack

SENDS = re.compile(r"/c/([0-9a-f-]{36}/)?$")


class Slow:
    """The answers to what is sent are held back until they are let go."""

    def __init__(self, chat: Chat) -> None:
        self.chat = chat
        self.held: list[Route] = []
        chat.page.route(SENDS, self._take)

    def _take(self, route: Route) -> None:
        if route.request.method == "POST":
            self.held.append(route)
        else:
            route.continue_()

    def wait(self) -> None:
        """Until something was sent."""
        for _ in range(100):
            if self.held:
                return
            self.chat.page.wait_for_timeout(50)
        raise AssertionError("nothing was sent")

    def let_go(self) -> None:
        for route in self.held:
            route.continue_()
        self.chat.page.unroute(SENDS)


@WIDTHS
@pytest.mark.parametrize("first", [True, False], ids=["a new chat", "a conversation"])
def test_enter_again_and_again_on_a_slow_network(keys: Keys, stack: Stack, first: bool) -> None:
    chat, before = keys.chat, 0 if first else 2
    if not first:
        keys.ask("first [[say:one]]")
    slow = Slow(chat)
    keys.write("second [[say:two]]")
    for _ in range(3):
        keys.press("Enter")
    slow.wait()
    keys.press("Enter")
    keys.type(" and more")
    keys.press("Enter")
    slow.let_go()
    # What was sent behind it came when the first was on its way: it waits for the answer, and is sent then.
    expect(chat.articles).to_have_count(before + 4)
    expect(chat.body(chat.articles.nth(before + 2))).to_have_text("and more")
    expect(chat.message).to_have_value("")
    expect(chat.message).to_be_focused()
    assert len(slow.held) == 1
    assert _messages(stack, keys.person) == before + 4


def test_on_touch_enter_makes_lines_and_two_taps_send_once(sign_up: Callable[..., Person], stack: Stack) -> None:
    person = sign_up(**PHONE)
    chat = person.chat
    chat.wait_connected()
    chat.message.tap()
    chat.page.keyboard.type("one")
    chat.page.keyboard.press("Enter")
    chat.page.keyboard.type("[[say:yes]]")
    expect(chat.message).to_have_value("one\n[[say:yes]]")
    send = chat.button("Send").bounding_box()
    assert send is not None
    assert min(send["width"], send["height"]) >= 40
    for _ in range(2):
        chat.page.touchscreen.tap(send["x"] + send["width"] / 2, send["y"] + send["height"] / 2)
    chat.wait_text("yes")
    expect(chat.body(chat.articles.first)).to_have_text("one\n[[say:yes]]")
    expect(chat.articles).to_have_count(2)
    assert _messages(stack, person) == 2


@WIDTHS
def test_back_and_forward_after_sending(keys: Keys, stack: Stack) -> None:
    chat = keys.chat
    keys.ask("first [[say:one]]")
    chat.page.go_back()
    expect(chat.page).to_have_url(re.compile(r"/c/$"))
    chat.wait_connected()
    expect(chat.message).to_have_value("")
    expect(chat.message).to_be_focused()
    keys.press("Enter")
    chat.page.go_forward()
    expect(chat.articles).to_have_count(2)
    expect(chat.message).to_have_value("")
    assert _messages(stack, keys.person) == 2


def test_back_after_sending_without_javascript(sign_up: Callable[..., Person], stack: Stack) -> None:
    person = sign_up(java_script_enabled=False)
    chat = person.chat
    chat.message.fill("first [[say:one]]")
    with chat.page.expect_navigation():
        chat.button("Send").click()
    expect(chat.articles).to_have_count(2)
    chat.page.go_back()
    expect(chat.page).to_have_url(re.compile(r"/c/$"))
    expect(chat.message).to_have_value("")
    chat.page.go_forward()
    chat.page.reload()
    expect(chat.articles).to_have_count(2)
    assert _messages(stack, person) == 2


@WIDTHS
@pytest.mark.parametrize("first", [True, False], ids=["a new chat", "a conversation"])
def test_who_leaves_before_the_answer_is_there_finds_the_text_and_sends_it_once(keys: Keys, stack: Stack, first: bool) -> None:
    chat, before = keys.chat, 0 if first else 2
    if not first:
        keys.ask("first [[say:one]]")
    _send_and_leave(keys, "second [[say:two]]")
    keys.press("Enter")
    chat.wait_text("two")
    expect(chat.message).to_have_value("")
    expect(chat.articles).to_have_count(before + 2)
    assert _messages(stack, keys.person) == before + 2


@pytest.mark.parametrize("width", [1280])
def test_who_comes_back_while_it_is_answered_already_sends_it_once_too(keys: Keys, stack: Stack) -> None:
    chat = keys.chat
    keys.ask("first [[say:one]]")
    _send_and_leave(keys, "second [[slow:40]]")
    chat.wait_status("queued", "running")
    keys.press("Enter")
    expect(chat.message).to_have_value("")
    chat.wait_status("completed")
    expect(chat.page.locator("#queued")).to_be_hidden()
    keys.ask("third [[say:three]]")
    expect(chat.articles).to_have_count(6)
    assert _messages(stack, keys.person) == 6


@pytest.mark.parametrize("width", [1280])
def test_with_other_words_it_is_another_message(keys: Keys, stack: Stack) -> None:
    chat = keys.chat
    keys.ask("first [[say:one]]")
    _send_and_leave(keys, "second [[say:two]]")
    keys.press("Control+a")
    keys.type("third [[say:three]]")
    expect(chat.articles).to_have_count(4)
    chat.wait_status("completed")
    keys.press("Enter")
    chat.wait_text("three")
    assert _messages(stack, keys.person) == 6


def _send_and_leave(keys: Keys, text: str) -> None:
    """It reaches the server; the page is loaded anew before that was heard."""
    arrived: list[bool] = []

    def arrive_unheard(route: Route) -> None:
        if route.request.method == "POST":
            route.fetch()
            arrived.append(True)
        else:
            route.continue_()

    keys.page.route(SENDS, arrive_unheard)
    keys.write(text)
    keys.press("Enter")
    for _ in range(500):
        if arrived:
            break
        keys.page.wait_for_timeout(20)
    assert arrived
    keys.page.reload()
    keys.page.unroute(SENDS)
    keys.chat.wait_connected()
    expect(keys.chat.message).to_have_value(text)


@WIDTHS
def test_an_edit_and_a_regeneration_pressed_twice_are_one_version(keys: Keys, stack: Stack) -> None:
    chat = keys.chat
    keys.ask("first [[say:one]]")
    keys.press("Shift+Escape")
    keys.use("Edit")
    expect(keys.page.get_by_role("textbox", name="Edited text")).to_be_focused()
    keys.press("Control+a")
    keys.type("second [[say:two]]")
    keys.press("Enter")
    keys.press("Enter")
    chat.wait_text("two")
    expect(chat.articles.first.locator(".versions")).to_contain_text("2/2")
    chat.wait_status("completed")
    assert _messages(stack, keys.person) == 4
    keys.press("Shift+Escape")
    keys.to("Regenerate")
    keys.press("Enter")
    keys.press("Enter")
    expect(chat.answer.locator(".versions")).to_contain_text("2/2")
    chat.wait_status("completed")
    assert _messages(stack, keys.person) == 5
