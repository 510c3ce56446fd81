"""Writing with an input method, as Chinese, Japanese and Korean are written: its keys belong to it, whatever they would do otherwise."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.keys import Keys

SHOWN, MEANT = "にほん", "日本"
# The key that ends a composition comes before its end with Chromium and Firefox, and after it with Safari, which then says 229.
SAFARI = "safari"
BROWSERS = pytest.mark.parametrize(("browser", "width"), [("chromium", 1280), (SAFARI, 390)])


class Method:
    """An input method on one page."""

    def __init__(self, keys: Keys) -> None:
        self._devtools = keys.chat.page.context.new_cdp_session(keys.page)

    def compose(self, shown: str = SHOWN) -> None:
        self._devtools.send("Input.imeSetComposition", {"text": shown, "selectionStart": len(shown), "selectionEnd": len(shown)})

    def end(self, key: str, browser: str, text: str) -> None:
        """The key ends the composition with this text; an empty one throws it away."""

        def commit() -> None:
            if text:
                self._devtools.send("Input.insertText", {"text": text})
            else:
                self._devtools.send("Input.imeSetComposition", {"text": "", "selectionStart": 0, "selectionEnd": 0})

        pressed: dict[str, Any] = {"key": key, "code": key, "windowsVirtualKeyCode": 229, "nativeVirtualKeyCode": 229}
        if browser == SAFARI:
            commit()
        self._devtools.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **pressed})
        if browser != SAFARI:
            commit()
        self._devtools.send("Input.dispatchKeyEvent", {"type": "keyUp", **pressed})


@pytest.fixture
def method(keys: Keys) -> Method:
    return Method(keys)


@BROWSERS
def test_the_enter_that_ends_a_composition_does_not_send_and_the_next_one_does(keys: Keys, method: Method, browser: str) -> None:
    chat = keys.chat
    chat.page.evaluate("document.addEventListener('keydown', (event) => (globalThis.composing = event.isComposing))")
    keys.type("[[say:はい]] ")
    method.compose("に")
    method.compose()
    expect(chat.message).to_have_value(f"[[say:はい]] {SHOWN}")
    method.end("Enter", browser, MEANT)
    expect(chat.message).to_have_value(f"[[say:はい]] {MEANT}")
    assert chat.page.evaluate("globalThis.composing") is (browser != SAFARI)
    expect(chat.articles).to_have_count(0)
    keys.press("Enter")
    chat.wait_text("はい")
    expect(chat.body(chat.articles.first)).to_have_text(f"[[say:はい]] {MEANT}")
    expect(chat.message).to_have_value("")


@BROWSERS
def test_nor_does_it_in_the_editor_and_escape_throws_away_the_composition_alone(keys: Keys, method: Method, browser: str) -> None:
    chat = keys.chat
    keys.ask("first [[say:one]]")
    keys.press("Shift+Escape")
    keys.use("Edit")
    editor = keys.page.get_by_role("textbox", name="Edited text")
    expect(editor).to_be_focused()
    keys.press("Control+a")
    keys.type("other [[say:two]] ")
    method.compose()
    method.end("Escape", browser, "")
    expect(editor).to_have_value("other [[say:two]] ")
    method.compose()
    method.end("Enter", browser, MEANT)
    expect(editor).to_have_value(f"other [[say:two]] {MEANT}")
    keys.press("Enter")
    chat.wait_text("two")
    expect(chat.articles.first.locator(".versions")).to_contain_text("2/2")


@BROWSERS
def test_escape_in_a_composition_stops_no_answer(keys: Keys, method: Method, browser: str) -> None:
    chat = keys.chat
    keys.write("[[slow:40]] [[long:300]]")
    keys.press("Enter")
    chat.wait_status("running")
    asked: list[str] = []
    chat.page.on("request", lambda request: asked.append(request.url))
    method.compose()
    method.end("Escape", browser, "")
    expect(chat.message).to_have_value("")
    assert not [url for url in asked if url.endswith("/stop/")]
    keys.press("Escape")
    chat.wait_status("stopped")


@BROWSERS
def test_models_and_menus_wait_for_its_end(keys: Keys, width: int, method: Method, browser: str) -> None:
    keys.use("Model", "Tab")
    search = keys.page.get_by_role("combobox", name="Search models")
    expect(search).to_be_focused()
    method.compose("s")
    method.end("Enter", browser, "s")
    expect(search).to_have_value("s")
    expect(search).to_be_focused()
    for _ in range(2):  # the first empties the field
        keys.press("Escape")
    expect(search).to_be_hidden()
    if width < 500:
        keys.use("Open the sidebar")
    keys.use("Chat list options", "Tab" if width < 500 else "Shift+Tab")
    keys.use("New folder", "Tab")
    name = keys.page.get_by_role("textbox", name="Name of the new folder")
    keys.to("Name of the new folder", "Tab")
    keys.type("Work ")
    method.compose()
    method.end("Escape", browser, "")
    expect(name).to_be_focused()
    expect(name).to_have_value("Work ")
