"""WCAG by machine in every state and both themes; by keyboard alone; heard sentence by sentence."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.axe import BELOW_A_DRAWER, violations
from tests.browser.person import Chat, Person
from tests.browser.seed import seed
from tests.stack import Stack

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@pytest.mark.parametrize(
    ("device", "theme"), [({}, "light"), ({}, "dark"), (PHONE, "dark")], ids=["desktop-light", "desktop-dark", "phone"]
)
def test_every_state_is_without_violations(sign_up: Callable[..., Person], theme: str, device: dict[str, object]) -> None:
    chat = sign_up(color_scheme=theme, reduced_motion="reduce", **device).chat
    chat.wait_connected()
    assert violations(chat.page) == [], "empty"
    chat.send("everything [[think]] [[slow:30]]")
    chat.wait_text("A little code")
    assert violations(chat.page) == [], "streaming"
    chat.wait_status("completed")
    chat.answer.locator("details.reasoning summary").click()
    assert violations(chat.page) == [], "done"
    chat.send(f"[[slow:60]] [[say:{'Many quiet words. ' * 30}]]")
    chat.wait_status("running")
    chat.button("Stop").click()
    chat.wait_status("stopped")
    chat.ask("[[error:auth]]", "failed")
    assert violations(chat.page) == [], "failed and stopped"
    chat.page.locator("header").get_by_role("button", name=re.compile("^Options")).click()
    expect(chat.page.locator("#options").get_by_role("button", name="Pin")).to_be_visible()
    assert violations(chat.page) == [], "menu"
    chat.page.keyboard.press("Escape")
    if device:
        chat.button("Open the sidebar").click()
        expect(chat.page.get_by_role("link", name="New chat")).to_be_visible()
        assert violations(chat.page, besides=BELOW_A_DRAWER) == [], "drawer"


def test_the_keyboard_alone_can_do_it_all(person: Person) -> None:
    chat = person.chat
    keys = chat.page.keyboard
    keys.type("first [[say:one]]")  # the composer has the focus from the start
    keys.press("Enter")
    chat.wait_status("completed")
    keys.type("[[slow:40]] [[long:300]]")
    keys.press("Enter")
    chat.wait_status("running")
    _tab_to(chat, "Stop")
    keys.press("Enter")
    chat.wait_status("stopped")
    expect(chat.message).to_be_focused()
    _tab_to(chat, "Regenerate", "Shift+Tab")
    keys.press("Enter")
    chat.wait_status("running")
    keys.press("Escape")
    chat.wait_status("stopped")
    _tab_to(chat, "Options for first say:one")
    keys.press("Enter")
    expect(chat.page.locator("#options").get_by_role("button", name="Pin")).to_be_focused()
    keys.press("ArrowDown")
    keys.press("Enter")
    expect(chat.page.get_by_role("textbox", name="Name")).to_be_focused()
    keys.type("By keyboard")
    keys.press("Enter")
    expect(chat.page.get_by_role("heading", level=1)).to_have_text("By keyboard")
    _tab_to(chat, "New chat", "Shift+Tab")
    keys.press("Enter")
    expect(chat.page).to_have_url(re.compile(r"/c/$"))
    _tab_to(chat, "By keyboard", "Shift+Tab")
    keys.press("Enter")
    expect(chat.articles).to_have_count(4)


def test_a_screen_reader_hears_sentences_once_and_the_end(person: Person) -> None:
    chat = person.chat
    chat.wait_connected()
    chat.page.evaluate(
        """() => { globalThis.said = []; new MutationObserver(changes => changes.forEach(change => change.addedNodes.forEach(
             node => globalThis.said.push(node.textContent)))).observe(document.getElementById("announcer"), { childList: true }); }"""
    )
    sentences = [f"This is **sentence** number {n}." for n in range(1, 31)]
    answer = "\\n\\n".join(" ".join(sentences[n : n + 5]) for n in range(0, 30, 5))
    chat.send(f"[[slow:20]] [[say:{answer}]]")
    chat.wait_status("completed")
    said: list[str] = chat.page.evaluate("globalThis.said")
    heard = " ".join(said)
    assert heard == " ".join(sentence.replace("**", "") for sentence in sentences) + " Answer finished."
    assert len(said) > 2
    assert all(text.endswith(".") for text in said)
    expect(chat.page.get_by_role("log")).to_have_attribute("aria-live", "off")


def test_a_formula_is_heard_as_its_source_and_once(person: Person) -> None:
    chat = person.chat
    chat.wait_connected()
    chat.send("[[slow:20]] [[say:Energy is $E = mc^2$ here. It costs $5 and $10.\\n\\n$$\\nx_1 + 2\\n$$\\n\\nThe end.]]")
    chat.wait_status("completed")
    expect(chat.page.locator("#announcer")).to_contain_text("Answer finished.")
    heard = " ".join(chat.page.locator("#announcer p").all_inner_texts())
    assert heard == "Energy is E = mc^2 here. It costs $5 and $10. x_1 + 2 The end. Answer finished."
    assert chat.page.locator("#log math").count() == 2


def test_the_focus_stays_when_its_article_is_replaced(person: Person) -> None:
    chat = person.chat
    chat.send("[[think]] [[slow:40]] [[say:some words that take a while to arrive]]")
    summary = chat.answer.locator("details.reasoning summary")
    summary.click()
    chat.wait_status("completed")
    expect(chat.answer.locator("details.reasoning")).to_have_attribute("open", "")
    assert chat.page.evaluate("document.activeElement.closest('article')?.dataset.role") == "assistant"


def test_on_a_phone_the_drawer_opens_traps_and_closes(sign_up: Callable[..., Person]) -> None:
    chat = sign_up(**PHONE).chat
    opener = chat.button("Open the sidebar")
    expect(chat.page.get_by_role("list", name="Conversations")).to_be_hidden()
    opener.click()
    expect(opener).to_have_attribute("aria-expanded", "true")
    assert chat.page.locator("#main").evaluate("e => e.inert")
    chat.page.keyboard.press("Escape")
    expect(opener).to_have_attribute("aria-expanded", "false")
    expect(opener).to_be_focused()
    assert not chat.page.locator("#main").evaluate("e => e.inert")


def test_on_a_phone_a_toast_lies_above_the_drawer(sign_up: Callable[..., Person], stack: Stack) -> None:
    person = sign_up(**PHONE)
    chat = person.chat
    seed(stack, person, conversations=2)
    chat.page.reload()
    chat.wait_connected()
    toast = chat.page.locator("#toasts .toast")
    chat.button("Open the sidebar").click()
    chat.options(chat.rows.first).get_by_role("button", name="Delete").click()
    expect(toast).to_contain_text("“conversation 1” was deleted.")
    chat.page.wait_for_function(_IS_ON_TOP)
    assert violations(chat.page, besides=BELOW_A_DRAWER) == []
    chat.button("Close the sidebar").click()
    expect(chat.page.locator("#side")).to_be_hidden()
    chat.button("Open the sidebar").click()  # now the drawer is the newer of the two
    chat.page.wait_for_function(_IS_ON_TOP)
    expect(chat.button("Close the sidebar")).to_be_focused()
    toast.get_by_role("button", name="Undo").click()
    expect(toast).to_have_count(0)
    expect(chat.page.locator("#conversations li[data-place]")).to_have_count(2)


# The middle of the toast's button, with the drawer open.
_IS_ON_TOP = """() => {
  const { x, y, width, height } = document.querySelector("#toasts button").getBoundingClientRect();
  const found = document.elementFromPoint(x + width / 2, y + height / 2);
  return document.querySelector("#side:popover-open") && found?.closest("#toasts") !== null;
}"""


def _tab_to(chat: Chat, name: str, key: str = "Tab") -> None:
    """Press the key until something of that name has the focus."""
    for _ in range(40):
        chat.page.keyboard.press(key)
        label: str = chat.page.evaluate("(document.activeElement.ariaLabel || document.activeElement.textContent).trim()")
        if label == name or label.startswith(f"{name},"):
            return
    raise AssertionError(f"{key} does not reach {name!r}")
