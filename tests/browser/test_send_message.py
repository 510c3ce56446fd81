"""Typing and sending."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Browser, Route, expect

from tests.browser.conftest import forget_attempts
from tests.browser.person import PASSWORD, Chat, Person
from tests.stack import Stack


def test_somebody_new_signs_up_on_the_page_and_asks(chromium: Browser, stack: Stack) -> None:
    forget_attempts(stack)
    page = chromium.new_page(base_url=stack.url)
    page.goto("/")
    page.get_by_role("link", name="Sign up").first.click()
    page.get_by_label("Email").fill("somebody-new@example.org")
    page.locator("input[type=password]").fill(PASSWORD)
    page.get_by_role("button", name="Sign up").click()
    page.wait_for_url("**/c/")
    chat = Chat(page)
    chat.ask("first [[say:one]]")
    chat.wait_text("one")
    page.context.close()


def test_a_first_message_opens_a_conversation_at_its_own_address(person: Person) -> None:
    chat = person.chat
    chat.send("Hello there [[say:Good day to *you*.]]")
    chat.wait_status("completed")
    expect(chat.page).to_have_url(re.compile(r"/c/[0-9a-f-]{36}/$"))
    expect(chat.articles).to_have_count(2)
    expect(chat.body(chat.articles.first)).to_have_text("Hello there [[say:Good day to *you*.]]")
    assert chat.bodies()[1].strip() == '<p dir="auto">Good day to <em>you</em>.</p>'
    expect(chat.rows).to_have_count(1)
    expect(chat.rows.locator("a[aria-current]")).to_have_count(1)
    expect(chat.page.get_by_role("heading", level=1)).to_contain_text("Hello there")
    expect(chat.message).to_have_value("")
    expect(chat.message).to_be_focused()


def test_the_answer_grows_in_the_page_and_then_shows_what_it_used(person: Person) -> None:
    chat = person.chat
    chat.send("everything [[slow:25]]")
    chat.wait_status("running")
    expect(chat.button("Stop")).to_be_visible()
    expect(chat.button("Send")).to_be_hidden()
    chat.wait_text("What you can try meanwhile")
    chat.wait_status("completed")
    expect(chat.answer.locator(".under")).to_contain_text(re.compile(r"\d+ in · \d+ out · \$0\.00 · first token"))
    expect(chat.button("Send")).to_be_visible()
    expect(chat.answer.locator("figure code")).to_contain_text("def greet")


def test_enter_sends_shift_enter_makes_a_line_and_composing_never_sends(person: Person) -> None:
    chat = person.chat
    chat.message.press_sequentially("one")
    chat.message.press("Shift+Enter")
    chat.message.press_sequentially("two")
    chat.message.evaluate(
        "e => e.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', isComposing: true, bubbles: true, cancelable: true}))"
    )
    chat.message.evaluate(
        "e => e.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', keyCode: 229, bubbles: true, cancelable: true}))"
    )
    expect(chat.message).to_have_value("one\ntwo")
    expect(chat.articles).to_have_count(0)
    chat.message.press("Enter")
    expect(chat.body(chat.articles.first)).to_have_text("one\ntwo")


def test_on_touch_enter_is_a_line(sign_up: Callable[..., Person]) -> None:
    chat = sign_up(has_touch=True, is_mobile=True, viewport={"width": 390, "height": 844}).chat
    chat.message.press_sequentially("one")
    chat.message.press("Enter")
    expect(chat.message).to_have_value("one\n")


def test_a_double_click_sends_once(person: Person, stack: Stack) -> None:
    chat = person.chat
    chat.ask("first [[say:one]]")
    chat.message.fill("second [[say:two]]")
    chat.button("Send").dblclick()
    chat.page.keyboard.press("Enter")
    expect(chat.articles).to_have_count(4)
    chat.wait_text("two")
    assert _messages(stack, person) == 4


def test_a_network_that_fails_keeps_the_text_and_trying_again_sends_once(person: Person, stack: Stack) -> None:
    chat = person.chat
    chat.ask("first [[say:one]]")
    address = re.compile(r"/c/[0-9a-f-]{36}/$")
    chat.page.route(address, lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    chat.send("second [[say:two]]")
    expect(chat.page.get_by_role("alert")).to_contain_text("cannot be reached")
    expect(chat.message).to_have_value("second [[say:two]]")
    chat.page.unroute(address)
    chat.button("Send").click()
    chat.wait_text("two")
    expect(chat.articles).to_have_count(4)
    expect(chat.page.get_by_role("alert")).to_have_count(0)
    assert _messages(stack, person) == 4


def test_an_answer_that_was_lost_on_the_way_back_is_not_sent_twice(person: Person, stack: Stack) -> None:
    chat = person.chat
    chat.ask("first [[say:one]]")
    address = re.compile(r"/c/[0-9a-f-]{36}/$")

    def deliver_and_lose(route: Route) -> None:
        route.fetch()
        route.abort()

    chat.page.route(address, lambda route: deliver_and_lose(route) if route.request.method == "POST" else route.continue_())
    chat.send("second [[say:two]]")
    chat.wait_text("two")  # the socket brought it
    expect(chat.page.get_by_role("alert")).to_contain_text("cannot be reached")
    chat.page.unroute(address)
    chat.button("Send").click()
    expect(chat.message).to_have_value("")
    expect(chat.articles).to_have_count(4)
    assert _messages(stack, person) == 4


def test_a_draft_is_kept_for_each_conversation(person: Person) -> None:
    chat = person.chat
    chat.ask("first [[say:one]]")
    chat.message.fill("not finished yet")
    chat.page.get_by_role("link", name="New chat").first.click()
    expect(chat.message).to_have_value("")
    chat.message.fill("another thought")
    chat.rows.first.get_by_role("link").click()
    expect(chat.message).to_have_value("not finished yet")
    chat.page.go_back()
    expect(chat.message).to_have_value("another thought")


def test_what_is_typed_in_one_tab_outlives_what_is_typed_and_sent_in_another(person: Person) -> None:
    first = person.chat
    # Playwright lets every page have the focus; of people's tabs only one has it.
    first.page.evaluate("document.hasFocus = () => false")
    first.message.fill("a long thought")
    first.page.wait_for_timeout(800)  # the draft is kept
    second = person.open("/c/")
    expect(second.message).to_have_value("a long thought")
    second.message.fill("a quick question [[say:yes]]")
    second.page.wait_for_timeout(800)
    expect(first.message).to_have_value("a long thought")
    second.message.press("Enter")
    second.wait_status("completed")
    expect(first.message).to_have_value("a long thought")
    first.page.reload()
    expect(first.message).to_have_value("a long thought")
    # What was only brought there follows, and goes when it is sent.
    first.page.evaluate("document.hasFocus = () => false")
    second.page.goto("/c/")
    expect(second.message).to_have_value("a long thought")
    second.message.fill("a longer thought [[say:no]]")
    expect(first.message).to_have_value("a longer thought [[say:no]]")
    second.message.press("Enter")
    second.wait_status("completed")
    expect(first.message).to_have_value("")


def test_a_megabyte_can_be_pasted_and_is_refused_only_for_the_room_it_needs(person: Person) -> None:
    chat = person.chat
    text = "word " * 190_000
    chat.message.fill(text)
    chat.button("Send").click()
    expect(chat.page.get_by_role("alert")).to_be_visible(timeout=20_000)
    assert chat.message.input_value() == text


def test_no_room_in_the_plan_shows_the_upgrade_card_and_keeps_the_text(person: Person, stack: Stack) -> None:
    _use_up(stack, person)
    chat = person.chat
    chat.send("one more")
    card = chat.page.get_by_role("alert")
    expect(card).to_contain_text("There is no room for this in your plan.")
    expect(card.get_by_role("link", name="See your usage")).to_be_visible()
    expect(card.get_by_role("link", name="Upgrade")).to_be_visible()
    expect(card.get_by_role("button")).to_have_count(0)  # no model and no shorter message could help
    expect(chat.message).to_have_value("one more")


def test_signed_out_elsewhere_the_text_stays_and_the_way_back_is_shown(person: Person) -> None:
    chat = person.chat
    chat.ask("first [[say:one]]")
    person.context.clear_cookies(name="sessionid")
    chat.send("still here")
    expect(chat.message).to_have_value("still here")
    expect(chat.articles).to_have_count(2)
    chat.page.get_by_role("alert").get_by_role("link", name="Sign in").click()
    chat.page.get_by_label("Email").fill(person.email)
    chat.page.locator("input[type=password]").fill(PASSWORD)
    chat.button("Sign in").click()
    expect(chat.articles).to_have_count(2)
    expect(chat.message).to_have_value("still here")


def _messages(stack: Stack, person: Person) -> int:
    count = "SELECT count(*) FROM conversations_message m JOIN conversations_conversation c ON c.id = m.conversation_id"
    with stack.database() as connection:
        row = connection.execute(f"{count} JOIN accounts_user u ON u.id = c.owner_id WHERE u.email = %s", [person.email]).fetchone()
    assert row is not None
    return int(str(row[0]))


def _use_up(stack: Stack, person: Person) -> None:
    script = (
        "from accounts.models import User; from usage.services import set_allowance; "
        f"w = User.objects.get(email='{person.email}').memberships.first().workspace_id; "
        "set_allowance(w, plan_code='free', tokens_per_period=100, cost_per_period=None, version=1, plan_name='Free')"
    )
    stack.manage("shell", "-c", script)


def test_the_cells_of_a_table_keep_to_its_own_direction(person: Person) -> None:
    chat = person.chat
    chat.ask("a table [[say:yes]]")
    for first, other, start, end in (("שם", "name", "right", "left"), ("name", "שם", "left", "right")):
        rows = [f'<tr><td>{words}</td><td align="right">{words}</td></tr>' for words in (first, other)]
        table = f'<table dir="auto">{"".join(rows)}</table>'
        chat.body().evaluate("(body, table) => { body.innerHTML = table; }", table)
        aligned = chat.body().locator("td").evaluate_all("all => all.map((one) => getComputedStyle(one).textAlign)")
        assert aligned == [start, end, start, end]
