"""What people expect of a chat, walked with the keyboard alone, on a desk and in a window as narrow as a phone."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.keys import WIDTHS, Keys
from tests.stack import Stack


@WIDTHS
def test_composer(keys: Keys) -> None:
    chat = keys.chat
    # Has focus on load.
    expect(chat.message).to_be_focused()
    # Shift+Enter makes a line; grows with its text.
    low = chat.message.bounding_box()
    keys.type("[[say:one]]")
    for _ in range(4):
        keys.press("Shift+Enter")
    high = chat.message.bounding_box()
    assert low is not None
    assert high is not None
    assert high["height"] > low["height"]
    # Enter sends; the composer has the focus after sending.
    keys.press("Enter")
    chat.wait_status("completed")
    expect(chat.message).to_be_focused()
    # Send turns into Stop while an answer runs; one can go on typing, and the next message waits its turn.
    keys.write("[[slow:40]] [[long:400]]")
    keys.press("Enter")
    chat.wait_status("running")
    expect(chat.button("Stop")).to_be_visible()
    keys.type("next [[say:its turn]]")
    keys.press("Enter")
    expect(keys.page.get_by_role("form", name="Waiting message")).to_contain_text("next")
    # Esc stops.
    keys.press("Escape")
    chat.wait_status("stopped")
    keys.use("Send now")
    chat.wait_text("its turn")
    # Keeps a draft per conversation.
    keys.write("not yet sent")
    keys.press("Control+Shift+O")
    expect(keys.page).to_have_url(re.compile(r"/c/$"))
    expect(chat.message).to_have_value("")
    keys.page.go_back()
    expect(chat.message).to_have_value("not yet sent")


@WIDTHS
def test_messages(keys: Keys) -> None:
    chat = keys.chat
    keys.ask("[[think]] code [[say:Some **bold** words:\\n\\n```python\\nprint(1)\\n```]]")
    # Every code block has its language and a copy button; copy message as Markdown.
    expect(chat.body()).to_contain_text("python")
    keys.use("Copy code")
    keys.clipboard("print(1)")
    keys.press("Shift+Escape")
    keys.use("Copy")
    keys.clipboard("Some **bold** words")
    # Under each answer: model, time, tokens in and out, cost, time to first token.
    expect(chat.answer.locator(".who")).to_contain_text(re.compile(r"Scripted demo\s+answered in (under )?[\d.]+ s"))
    expect(chat.answer.locator(".figures-line")).to_contain_text(re.compile(r"\d+ in · \d+ out · \$[\d.]+ · first token "))
    # Thumbs up and down with an optional reason.
    keys.use("Good response", "Tab")
    expect(chat.button("Good response")).to_have_attribute("aria-pressed", "true")
    # Reasoning is folded with its duration.
    expect(chat.answer.get_by_text("The person asked something.")).to_be_hidden()
    keys.page.locator("#scroll").focus()
    keys.to_words("Thought for")
    keys.press("Enter")
    expect(chat.answer.get_by_text("The person asked something.")).to_be_visible()
    # Regenerate: a new branch with `< 2/2 >`.
    keys.press("Shift+Escape")
    keys.use("Regenerate")
    expect(chat.answer.locator(".versions")).to_contain_text("2/2")
    chat.wait_status("completed")
    keys.press("Shift+Escape")
    keys.use("Previous version")
    expect(chat.answer.locator(".versions")).to_contain_text("1/2")
    # Edit one's own message: a new branch.
    keys.press("Shift+Escape")
    keys.use("Edit")
    expect(keys.page.get_by_role("textbox", name="Edited text")).to_be_focused()
    keys.press("Control+a")
    keys.type("edited [[say:another]]")
    keys.press("Enter")
    chat.wait_text("another")
    expect(chat.articles.first.locator(".versions")).to_contain_text("2/2")
    # A button jumps to the latest.
    keys.ask("[[long:300]]")
    keys.page.locator("#scroll").focus()
    keys.press("Home")
    assert keys.chat.settled("#scroll") == 0  # the browser glides there
    keys.press("Shift+Escape")
    keys.use("Jump to the latest")
    expect(chat.button("Jump to the latest")).to_be_hidden()
    # Fork into a new chat.
    before = keys.page.url
    keys.press("Shift+Escape")
    keys.use("More")
    expect(keys.page.locator("#options").get_by_role("button", name="Fork into a new chat")).to_be_focused()
    keys.press("Enter")
    keys.page.wait_for_url(lambda url: url.split("#")[0] != before.split("#")[0])
    # Errors appear inside the thread: the cause, what to do, Retry, and whether it was charged.
    chat.wait_connected()
    keys.ask("[[error:auth]]", "failed")
    expect(chat.answer.get_by_role("alert")).to_contain_text("Nothing was charged.")
    keys.press("Shift+Escape")
    keys.use("Retry")
    expect(chat.answer.locator(".versions")).to_contain_text("2/2")
    chat.wait_status("failed")


@WIDTHS
def test_conversations(keys: Keys, width: int, stack: Stack) -> None:
    chat, dialog = keys.chat, keys.page.locator("#dialog")
    # Temporary chat that says how long it is kept.
    keys.to("Temporary")
    keys.press("Space")
    expect(keys.page.get_by_text(re.compile("erased", re.IGNORECASE)).first).to_be_visible()
    keys.ask("first words [[say:a word about zebras]]")
    expect(keys.title).to_have_text("Temporary chat")
    expect(keys.page.get_by_text("Temporary chat: erased on")).to_be_visible()
    row = keys.page.locator("#conversations li[data-place]")
    expect(row).to_have_count(0)
    keys.use("Keep this chat")
    expect(keys.page.get_by_text("erased on")).to_have_count(0)
    expect(row).to_have_count(1)
    # A title from the first words, one made by a model, rename.
    expect(keys.title).to_have_text("first words say:a word about zebras")
    keys.options("Regenerate title")
    expect(keys.title).to_have_text("a word about zebras")
    keys.options("Rename")
    expect(keys.page.get_by_role("textbox", name="Name")).to_be_focused()
    keys.type("Stripes")
    keys.press("Enter")
    expect(keys.title).to_have_text("Stripes")
    # Pin; archive and delete with undo.
    keys.options("Pin")
    expect(row).to_have_attribute("data-place", "pinned")
    keys.options("Archive")
    expect(keys.toasts).to_contain_text("was archived")
    keys.press("Alt+Shift+N")
    expect(chat.button("Undo").last).to_be_focused()
    keys.press("Enter")
    expect(keys.toasts).to_be_empty()
    # System prompt per conversation.
    keys.options("System prompt…")
    expect(dialog.get_by_role("textbox", name="System prompt")).to_be_focused()
    keys.type("Be brief.")
    keys.use("Save", "Tab")
    expect(keys.page.get_by_role("link", name="This conversation has a system prompt")).to_be_visible()
    # Share link: read-only, expiry. Export: Markdown, JSON, print.
    keys.options("Share…")
    expect(dialog.get_by_role("button", name="Create link")).to_be_visible()
    keys.press("Escape")
    keys.options("Export…")
    expect(dialog.get_by_role("button", name="Download Markdown")).to_be_visible()
    for form, ending in (("Markdown", ".md"), ("JSON", ".json")):
        keys.to(f"Download {form}", "Tab")
        with keys.page.expect_download() as download:
            keys.press("Enter")
        assert download.value.suggested_filename.endswith(ending)
        assert "a word about zebras" in download.value.path().read_text()
    keys.to("Open to print", "Tab")
    with keys.person.context.expect_page() as printed:
        keys.press("Enter")
    expect(printed.value.get_by_role("button", name="Print or save as PDF")).to_be_visible()
    expect(printed.value.get_by_role("log")).to_contain_text("a word about zebras")
    printed.value.close()
    keys.press("Escape")
    # Search (Ctrl/Cmd+K) over titles and texts; a hit opens at that message and on its branch.
    keys.press("Shift+Escape")
    keys.use("Edit")
    expect(keys.page.get_by_role("textbox", name="Edited text")).to_be_focused()
    keys.press("Control+a")
    keys.type("other words [[say:another]]")
    keys.press("Enter")
    chat.wait_text("another")
    chat.wait_status("completed")
    stack.manage("index_messages")
    keys.press("Control+Shift+O")
    expect(keys.page).to_have_url(re.compile(r"/c/$"))
    chat.wait_connected()
    keys.press("Control+k")
    expect(keys.page.get_by_role("searchbox", name="Search chats and messages")).to_be_focused()
    keys.type("zebras")
    expect(keys.page.locator("#dialog-results mark").first).to_be_visible()
    keys.press("Tab")
    keys.to_words("zebras")
    keys.press("Enter")
    expect(keys.page.get_by_text("This stands on another version of the conversation.")).to_be_visible()
    keys.use("Switch to this version", "Tab")
    expect(chat.body()).to_contain_text("zebras")
    chat.wait_connected()
    # The list, from row to row.
    keys.page.locator("#scroll").focus()
    if width == 390:
        keys.use("Open the sidebar")
    keys.to("Stripes", "Tab" if width == 390 else "Shift+Tab")
    keys.press("Enter")
    expect(keys.title).to_have_text("Stripes")
    keys.options("Delete")
    expect(keys.page.get_by_role("alert")).to_contain_text("This conversation was deleted.")
    keys.to("Undo", "Tab")
    keys.press("Enter")
    expect(chat.articles).to_have_count(2)
