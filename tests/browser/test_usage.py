"""The usage page: without violations in both themes and on a phone, by keyboard, without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import violations_in_both_themes
from tests.browser.keys import Keys
from tests.browser.person import Person
from tests.browser.seed import dear_and_cheap
from tests.browser.test_accessibility import PHONE
from tests.browser.test_every_page import faults
from tests.stack import Stack

VIEWS = (
    "/usage/",
    "/usage/?range=today&by=provider&chart=cost",
    "/usage/?range=own&from=2025-01-01&to=2026-06-30&by=purpose",
    "/usage/?range=no",
)


def _use_a_lot(stack: Stack, person: Person) -> None:
    """Some thousand calls of the last months, in part not yet in the rollups."""
    stack.manage("shell", "-c", _SEED.format(email=person.email))


_SEED = """
from datetime import timedelta
from django.utils import timezone
from accounts.models import User
from bench.kit.ledger import fill_ledger
user = User.objects.get(email="{email}")
now = timezone.now()
fill_ledger(user.personal_workspace.id, 3000, now - timedelta(days=60), now, user_id=user.id)
"""


@pytest.mark.parametrize("device", [{}, PHONE], ids=["desktop", "phone"])
def test_no_view_has_violations(sign_up: Callable[..., Person], stack: Stack, device: dict[str, object]) -> None:
    person = sign_up(**device)
    page = person.chat.page
    page.goto(f"{stack.url}/usage/")
    assert violations_in_both_themes(page) == [], "unused"
    _use_a_lot(stack, person)
    for address in VIEWS:
        page.goto(f"{stack.url}{address}")
        if page.get_by_text("The same figures as a table").count():
            page.get_by_text("The same figures as a table").click()
        assert violations_in_both_themes(page) == [], address
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{address} scrolls sideways"


def _figure(page: Page, name: str) -> str:
    return page.locator(".figure", has=page.get_by_text(name, exact=True)).locator("dd").first.inner_text()


def test_everything_works_without_javascript(sign_up: Callable[..., Person], stack: Stack) -> None:
    person = sign_up(java_script_enabled=False)
    _use_a_lot(stack, person)
    page = person.chat.page
    page.goto(f"{stack.url}/usage/")
    expect(page.get_by_role("heading", name="Usage", level=1)).to_be_visible()
    page.get_by_role("link", name="7 days").click()
    expect(page.get_by_role("navigation", name="Range").get_by_role("link", name="7 days")).to_have_attribute("aria-current", "page")
    tokens = _figure(page, "Tokens")
    page.get_by_role("link", name="Provider").click()
    expect(page.get_by_role("heading", name="By provider")).to_be_visible()
    expect(page.get_by_role("rowheader", name="Anthropic")).to_be_visible()
    assert _figure(page, "Tokens") == tokens
    page.get_by_text("The same figures as a table").click()
    expect(page.get_by_role("row", name=re.compile(f"All.*{tokens}"))).to_be_visible()
    first, last = date.today() - timedelta(days=40), date.today() - timedelta(days=31)
    page.get_by_label("From").fill(first.isoformat())
    page.get_by_label("to", exact=True).fill(last.isoformat())
    page.get_by_role("button", name="Show").click()
    expect(page.locator(".page-head p")).to_contain_text(re.compile(rf"{first:%b}.* {first.day}, .* to {last:%b}.* {last.day}, "))
    expect(page.get_by_label("From")).to_have_value(first.isoformat())
    expect(page.get_by_role("heading", name="By provider")).to_be_visible()
    assert _figure(page, "Tokens") not in ("0", tokens)
    page.get_by_label("From").fill("2026-12-02")
    page.get_by_label("to", exact=True).fill("2026-12-01")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("alert")).to_contain_text("before the first")
    with page.expect_download() as download:
        page.get_by_role("link", name="Export CSV").click()
    assert download.value.suggested_filename.endswith(".csv")


def test_by_keyboard_an_export_a_range_a_table_and_a_notice_are_used(person: Person, stack: Stack) -> None:
    keys, page = Keys(person), person.chat.page
    _use_a_lot(stack, person)
    spend(stack, person, tokens=850, of=1_000)
    page.goto(f"{stack.url}/usage/")
    with page.expect_download() as download:
        keys.use("Export CSV", "Tab")
    assert download.value.suggested_filename.endswith(".csv")
    expect(page.locator(".limit-notice").get_by_role("link")).to_have_attribute("href", "#plans")
    keys.use("Dismiss", "Tab")
    expect(page.locator(".limit-notice")).to_have_count(0)
    keys.use("30 days", "Tab")
    expect(page.get_by_role("link", name="30 days")).to_have_attribute("aria-current", "page")
    keys.use("The same figures as a table", "Tab")
    expect(page.get_by_role("columnheader", name="Time")).to_be_visible()
    keys.use("Purpose", "Tab")
    region = page.get_by_role("region", name="By purpose")
    expect(region).to_be_visible()
    for _ in range(10):
        if region.evaluate("(element) => element === document.activeElement"):
            break
        keys.press("Tab")
    expect(region).to_be_focused()


def _set_limit(stack: Stack, person: Person, **limits: int) -> None:
    stack.manage("shell", "-c", _LIMIT.format(email=person.email, **{"tokens": 100_000, "minute": 1000, **limits}))


_LIMIT = """
from accounts.models import User
from usage.services import set_allowance
workspace = User.objects.get(email="{email}").personal_workspace.id
set_allowance(workspace, plan_code="t", plan_name="Tester", tokens_per_period={tokens}, cost_per_period=None, requests_per_minute={minute},
    version=1)
"""


def test_the_meter_moves_in_every_tab_and_warns_once(person: Person, stack: Stack) -> None:
    _set_limit(stack, person, tokens=20_000)
    chat, other = person.chat, person.open("/c/")
    chat.wait_connected()
    other.wait_connected()
    chat.send("first [[slow:100]] [[long:2000]]")
    for tab in (chat, other):
        expect(tab.page.locator(".meter")).to_contain_text("tokens held for running answers")
    chat.button("Stop").click()
    for tab in (chat, other):
        expect(tab.page.locator(".meter")).to_contain_text(re.compile(r"\b[1-9]\d* tokens used"))
        expect(tab.page.locator(".meter")).not_to_contain_text("held")
    assert chat.page.locator(".meter").inner_text() == other.page.locator(".meter").inner_text()
    other.page.set_viewport_size({"width": 390, "height": 844})  # the meter is in a drawer there, the warning is not
    for tab in (chat, other):
        tab.page.evaluate(_NOTE_TOASTS)
    spend(stack, person, tokens=16_000)
    for tab in (chat, other):
        expect(tab.page.locator(".limit-notice")).to_contain_text("more than 80 %")
        expect(tab.page.locator(".limit-notice")).to_be_visible()
        assert tab.page.evaluate("globalThis.toasts") == ["You have used 80 % of your plan."]
    assert faults(chat.page) == []
    other.page.get_by_role("button", name="Dismiss").click()
    for tab in (other, chat):
        expect(tab.page.locator(".limit-notice")).to_have_count(0)
    chat.page.reload()
    expect(chat.page.locator(".meter")).to_contain_text("% used")
    expect(chat.page.locator(".limit-notice")).to_have_count(0)


def test_a_page_whose_socket_came_while_news_were_held_back_asks_when_they_no_longer_are(person: Person) -> None:
    """For a second after the last news no others are sent (usage/news.py); who was not there for the last ones would never hear."""
    page = person.context.new_page()
    page.add_init_script(_NOTE_CONNECTION)
    page.goto("/c/")
    page.wait_for_function(_ASKED_LATER)


def test_the_meter_of_a_page_that_was_signed_out_elsewhere_says_nothing(person: Person) -> None:
    page = person.chat.page
    person.chat.wait_connected()
    person.context.clear_cookies()
    with page.expect_response(re.compile("/accounts/login/")):
        page.evaluate("htmx.trigger(document.body, 'usage-changed')")
    page.wait_for_timeout(300)
    expect(page.get_by_text("What you typed is still here")).to_have_count(0)
    expect(page.locator(".meter")).to_contain_text("tokens used")


_NOTE_CONNECTION = """
new MutationObserver(() => {
  if (document.getElementById("main")?.dataset.connected) globalThis.connectedAt ??= performance.now();
}).observe(document, { subtree: true, childList: true, attributeFilter: ["data-connected"] });
"""
_ASKED_LATER = """() => performance.getEntriesByType("resource")
  .some(({ name, startTime }) => name.includes("/usage/meter") && startTime > globalThis.connectedAt + 1000)"""


_NOTE_TOASTS = """() => {
  globalThis.toasts = [];
  const note = (changes) => changes.forEach(({ addedNodes }) => addedNodes.forEach((node) => toasts.push(node.textContent)));
  new MutationObserver(note).observe(document.getElementById("toasts"), { childList: true });
}"""
_SPEND = """
from accounts.models import User
from usage.services import settle
from usage.tests.builders import call
settle(None, call(User.objects.get(email="{email}").personal_workspace.id, output={tokens}))
"""


def spend(stack: Stack, person: Person, *, tokens: int, of: int | None = None) -> None:
    """So many tokens are used up, of a plan that has `of`."""
    if of is not None:
        _set_limit(stack, person, tokens=of)
    stack.manage("shell", "-c", _SPEND.format(email=person.email, tokens=tokens))


def test_too_many_a_minute_are_refused_in_words_and_the_text_stays(person: Person, stack: Stack) -> None:
    _set_limit(stack, person, minute=1)
    chat = person.chat
    chat.ask("first [[say:one]]")
    chat.message.fill("second, and not lost")
    expect(chat.page.locator("#estimate")).to_contain_text(re.compile(r"About \d+ tokens with the context.* held"))
    chat.button("Send").click()
    expect(chat.page.get_by_role("alert")).to_contain_text("room for one message a minute")
    expect(chat.message).to_have_value("second, and not lost")


def test_what_has_no_room_stays_in_the_composer_and_goes_with_another_model_by_keyboard(person: Person, stack: Stack) -> None:
    dear_and_cheap(stack, person, dollars="0.01")
    chat = person.chat
    chat.message.fill("not lost [[say:here it is]]")
    chat.button("Send").click()
    offer = chat.page.get_by_role("button", name="Send with Modest")
    expect(offer).to_be_visible()
    expect(chat.message).to_have_value("not lost [[say:here it is]]")
    expect(chat.page.get_by_role("link", name="Upgrade")).to_have_attribute("href", "/usage/#plans")
    assert faults(chat.page) == []
    offer.focus()
    chat.page.keyboard.press("Enter")
    expect(chat.page.get_by_role("article").first).to_contain_text("not lost")
    expect(chat.message).to_have_value("")
    expect(chat.page.locator("#model-name")).to_have_text("Modest")
