"""Models, system prompts, temporary chats and preferences, as somebody at a browser finds them."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.axe import violations
from tests.browser.person import Chat, Person
from tests.browser.test_accessibility import PHONE
from tests.stack import Stack

DESKTOP: dict[str, object] = {}


def _model(chat: Chat) -> Locator:
    return chat.page.get_by_role("combobox", name="Model", exact=True)


@pytest.mark.parametrize("device", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_dialog_is_without_violations(sign_up: Callable[..., Person], device: dict[str, object], theme: str) -> None:
    chat = sign_up(color_scheme=theme, reduced_motion="reduce", **device).chat
    page = chat.page
    _model(chat).click()
    expect(page.get_by_role("option")).not_to_have_count(0)
    assert violations(page) == [], "models"
    chat.button("Close").click()
    chat.button("System prompt").click()
    page.get_by_role("textbox", name="System prompt").fill("Be brief.")
    assert violations(page) == [], "system prompt of a new chat"
    page.keyboard.press("Escape")
    page.get_by_role("switch", name="Temporary").check(force=True)
    assert violations(page) == [], "a temporary chat to be"
    chat.ask("Hello [[say:one]]")
    assert violations(page) == [], "a temporary chat"
    page.get_by_role("link", name="This conversation has a system prompt").click()
    expect(page.get_by_role("dialog", name="System prompt")).to_be_visible()
    assert violations(page) == [], "system prompt"
    page.goto("/settings/chat/")
    assert violations(page) == [], "preferences"


def test_a_model_is_found_and_chosen_by_keyboard_alone(person: Person) -> None:
    chat = person.chat
    _model(chat).focus()
    chat.page.keyboard.press("Enter")
    search = chat.page.get_by_role("combobox", name="Search models")
    expect(search).to_be_focused()
    chat.page.keyboard.type("nothing like that")
    expect(chat.page.get_by_text("No model has this in its name")).to_be_visible()
    search.fill("script demo")
    expect(search).to_have_attribute("aria-activedescendant", "model-scriptedscripted")
    chat.page.keyboard.press("Enter")
    expect(chat.message).to_be_focused()
    expect(_model(chat)).to_have_text("Scripted demo")
    _model(chat).click()
    chat.page.keyboard.press("Escape")
    expect(_model(chat)).to_be_focused()


def test_what_the_plan_has_not_says_why_and_cannot_be_chosen(person: Person, stack: Stack) -> None:
    stack.manage("shell", "-c", _ONLY_OTHERS.format(email=person.email))
    chat = person.chat
    _model(chat).click()
    option = chat.page.get_by_role("option", name=re.compile("Scripted demo"))
    expect(option).to_contain_text("Not part of your plan (Small)")
    option.click(force=True)
    expect(chat.page.locator("#announcer")).to_contain_text("Not part of your plan (Small)")
    expect(option).to_be_visible()
    chat.page.keyboard.press("Escape")
    chat.send("my words")
    expect(chat.page.get_by_role("alert")).to_contain_text("Scripted demo is not part of your plan")
    expect(chat.message).to_have_value("my words")


def test_a_system_prompt_is_set_changed_and_seen_in_every_tab(person: Person) -> None:
    chat = person.chat
    chat.button("System prompt").click()
    chat.page.get_by_role("textbox", name="System prompt").fill("Be brief.")
    expect(chat.page.get_by_text("About 3 tokens")).to_be_visible()
    chat.page.keyboard.press("Escape")
    chat.ask("Hello [[say:one]]")
    other = person.open(chat.page.url)
    other.wait_connected()
    mark = "This conversation has a system prompt"
    expect(other.page.get_by_role("link", name=mark)).to_be_visible()
    chat.page.locator("header.bar").get_by_role("button", name=re.compile("^Options")).click()
    chat.page.get_by_role("link", name="System prompt…").click()
    field = chat.page.get_by_role("textbox", name="System prompt")
    expect(field).to_have_value("Be brief.")
    field.fill("x" * 20_001)
    expect(chat.page.get_by_text("1 too many")).to_be_visible()
    chat.button("Save").click()
    expect(chat.page.get_by_text("This system prompt is too long")).to_be_visible()
    field.fill("")
    chat.button("Save").click()
    expect(field).to_be_hidden()
    for tab in (chat, other):
        expect(tab.page.get_by_role("link", name=mark)).to_have_count(0)
    chat.ask("And now? [[say:two]]")  # nothing was missed on the way
    expect(other.articles).to_have_count(4)


def test_a_temporary_chat_is_in_no_list_until_it_is_kept(person: Person) -> None:
    chat = person.chat
    other = person.open("/c/")
    other.wait_connected()
    chat.page.get_by_role("switch", name="Temporary").check(force=True)
    expect(chat.page.get_by_text("kept for 24 hours")).to_be_visible()
    chat.ask("a secret [[say:one]]")
    expect(chat.page.get_by_role("heading", level=1)).to_have_text("Temporary chat")
    expect(chat.page.get_by_text("Temporary chat: erased on")).to_be_visible()
    for tab in (chat, other):
        expect(tab.rows).to_have_count(0)
    chat.message.fill("not kept on this device")
    chat.page.reload()
    expect(chat.message).to_have_value("")
    chat.button("Keep this chat").click()
    expect(chat.page.get_by_text("erased on")).to_have_count(0)
    expect(chat.page.get_by_role("heading", level=1)).to_contain_text("a secret")
    for tab in (chat, other):
        expect(tab.rows).to_have_count(1)


def test_ctrl_enter_sends_when_one_prefers_that(person: Person) -> None:
    chat = person.chat
    chat.page.goto("/settings/chat/")
    chat.page.get_by_label("Ctrl or ⌘ + Enter").check(force=True)
    chat.button("Save").click()
    expect(chat.page.locator(".notices")).to_contain_text("Your chat preferences are saved.")
    chat.page.goto("/c/")
    chat.message.press_sequentially("one")
    chat.message.press("Enter")
    chat.message.press_sequentially("two")
    expect(chat.message).to_have_value("one\ntwo")
    chat.message.press("Control+Enter")
    expect(chat.body(chat.articles.first)).to_have_text("one\ntwo")


def test_without_javascript_all_of_it_works_by_plain_forms(sign_up: Callable[..., Person]) -> None:
    chat = sign_up(java_script_enabled=False).chat
    chat.button("System prompt").click()
    chat.page.get_by_role("textbox", name="System prompt").fill("Be brief.")
    chat.button("System prompt").click()
    chat.page.get_by_role("switch", name="Temporary").check(force=True)
    chat.page.get_by_role("combobox", name="Model").select_option("scripted:scripted")
    chat.message.fill("Hello [[say:one]]")
    chat.button("Send").click()
    expect(chat.page.get_by_text("Temporary chat: erased on")).to_be_visible()
    chat.page.get_by_role("link", name="This conversation has a system prompt").click()
    expect(chat.page.get_by_role("textbox", name="System prompt")).to_have_value("Be brief.")
    chat.page.get_by_role("textbox", name="System prompt").fill("")
    chat.button("Save").click()
    expect(chat.page.get_by_role("link", name="This conversation has a system prompt")).to_have_count(0)
    chat.button("Keep this chat").click()
    expect(chat.page.get_by_text("erased on")).to_have_count(0)
    expect(chat.rows).to_have_count(1)


_ONLY_OTHERS = """
from accounts.models import User
from usage.services import set_allowance
workspace = User.objects.get(email="{email}").memberships.first().workspace_id
set_allowance(
    workspace, plan_code="small", plan_name="Small", tokens_per_period=100000, cost_per_period=None, model_keys=["none:*"], version=1
)
"""
