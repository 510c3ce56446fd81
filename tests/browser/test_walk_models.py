"""Choosing who answers, with the keyboard alone, on a desk and in a window as narrow as a phone."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.keys import WIDTHS, Keys
from tests.browser.seed import dear_and_cheap
from tests.stack import Stack


@WIDTHS
def test_the_price_of_a_model_is_seen_and_another_one_answers_in_the_same_conversation(keys: Keys, stack: Stack) -> None:
    dear_and_cheap(stack, keys.person, models="scripted:splendid scripted:modest", last="modest")
    chat, page = keys.chat, keys.page
    chosen = page.get_by_role("combobox", name="Model", exact=True)
    expect(chosen).to_have_text("Modest")
    # Model selector in reach: search, capability and price hints.
    keys.use("Model", "Tab")
    search = page.get_by_role("combobox", name="Search models")
    expect(search).to_be_focused()
    expect(page.locator("#dialog")).to_contain_text("Prices are in US dollars for a million tokens.")
    splendid = page.get_by_role("option", name=re.compile("Splendid"))
    for words in ("High price", "$1000 in · $1000 out", "32k context", "Vision · Tools"):
        expect(splendid).to_contain_text(words)
    # A model that the plan does not include is shown and says why.
    keys.press("ArrowDown")
    expect(search).to_have_attribute("aria-activedescendant", "model-scriptedscripted")
    keys.press("Enter")
    expect(page.locator("#announcer")).to_contain_text("Not part of your plan (Tester).")
    expect(search).to_be_focused()
    keys.press("Escape")
    # What a draft would cost: an example, and with another model.
    estimate = page.locator("#estimate")
    page.locator("#scroll").focus()
    keys.to_words("Explain something")
    keys.press("Enter")
    expect(estimate).to_contain_text(re.compile(r"likely \$0\.000\d+ with the answer"))
    keys.press("Control+a")
    keys.type("first [[say:one]]")
    keys.press("Enter")
    chat.wait_status("completed")
    expect(chat.answer.locator(".who")).to_contain_text("Modest")
    # Can change in mid-conversation.
    keys.type("second [[say:two]]")
    keys.use("Model", "Tab")
    expect(search).to_be_focused()
    keys.type("splendid vision")
    keys.press("Enter")
    expect(chat.message).to_be_focused()
    expect(chosen).to_have_text("Splendid")
    expect(page.locator("#price")).to_have_text("$1000 in · $1000 out per million tokens")
    expect(estimate).to_contain_text(re.compile(r"likely \$0\.0[1-9]\d* with the answer .* \(\$\d\.\d+\) held"))
    keys.press("Enter")
    expect(chat.articles).to_have_count(4)
    chat.wait_status("completed")
    expect(chat.answer.locator(".who")).to_contain_text("Splendid")
    # Regenerate, also with another model.
    keys.press("Shift+Escape")
    keys.use("Answer again with…")
    expect(search).to_be_focused()
    keys.type("modest")
    keys.press("Enter")
    expect(chat.answer.locator(".versions")).to_contain_text("2/2")
    chat.wait_status("completed")
    expect(chat.answer.locator(".who")).to_contain_text("Modest")
    # Remembers the last choice.
    keys.press("Control+Shift+O")
    expect(page).to_have_url(re.compile(r"/c/$"))
    expect(chosen).to_have_text("Splendid")
