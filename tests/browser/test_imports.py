"""Bringing archives by the page, taking everything along, and bringing that again."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect

from conversations.archives.tests.builders import ChatGPT, chatgpt_talk, claude_talk, zipped
from tests.browser.keys import WIDTHS, Keys
from tests.browser.person import Person
from tests.browser.test_every_page import faults
from tests.stack import Stack, wait_until

PAGE = "/settings/import/"


def file_with(name: str, content: bytes) -> Any:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


def bring(page: Page, name: str, content: bytes) -> None:
    page.goto(PAGE)
    page.get_by_label("Choose the export").set_input_files(file_with(name, content))
    page.get_by_role("button", name="Import", exact=True).click()


def finished(page: Page) -> Locator:
    """The report, which comes by itself."""
    report = page.locator(".import[data-state=completed]").first
    expect(report).to_be_visible(timeout=60_000)
    return report


def chatgpt_archive() -> bytes:
    """Two branches, a picture that stays out, a conversation with nothing in it, and something else altogether."""
    talk = ChatGPT("c-branches", "Which way?")
    first = talk.say("user", "Left or right?")
    talk.say("assistant", "Left, **of course**.")
    talk.say("assistant", "Right, rather.", under=first)
    picture = {"content_type": "multimodal_text", "parts": [{"content_type": "image_asset_pointer", "asset_pointer": "x://me.png"}, "Me"]}
    talk.add("user", picture)
    return zipped(
        {"conversations.json": [talk.done(), chatgpt_talk(2), ChatGPT("c-empty", "Nothing said").done(), {"odd": 1}], "chat.html": b"x"}
    )


@WIDTHS
def test_an_archive_of_chatgpt_is_brought_by_keyboard_alone_and_its_report_says_what_stayed_out(
    keys: Keys, width: int, worker: Stack
) -> None:
    page, narrow = keys.page, width < 500  # `faults` looks at both widths, and leaves the page wide
    page.on("filechooser", lambda _: None)  # from now on the dialog, which is not the page's, does not open
    page.goto(PAGE)
    assert narrow or faults(page) == []
    keys.to("Choose the export of ChatGPT, of Claude, or of this product", "Tab")
    with page.expect_file_chooser() as chooser:
        keys.press("Space")
    chooser.value.set_files(file_with("chatgpt.zip", chatgpt_archive()))
    keys.use("Import", "Tab")
    # It waits for its worker, and says so; one may leave, and come back to it.
    running = page.locator(".import[data-state=queued]")
    expect(running).to_contain_text("Waiting its turn")
    expect(running.get_by_role("progressbar", name="Import")).to_be_visible()
    assert narrow or faults(page) == []
    worker.start_process("worker", wait=False)
    report = finished(page)
    expect(report).to_contain_text("2 conversations with 8 messages imported, 2 not.")
    expect(report.get_by_role("status")).to_have_text("Completed")
    keys.use("What was left out", "Tab")
    for words in ("1 without any message", "Nothing said", "1 not a conversation that is known here", "1 images, marked in the text"):
        expect(report).to_contain_text(words)
    assert narrow or faults(page) == []
    keys.use("Open your conversations", "Tab")
    page.wait_for_url("**/c/")
    keys.chat.wait_connected()
    if narrow:
        keys.use("Open the sidebar")
    keys.chat.rows.filter(has_text="Which way?").get_by_role("link").first.focus()
    keys.press("Enter")
    expect(keys.chat.articles).to_have_count(3)
    expect(keys.chat.articles.nth(1)).to_contain_text("Right, rather.")
    keys.use("Previous version")
    expect(keys.chat.articles.nth(1)).to_contain_text("Left, of course.")


def test_a_hostile_archive_is_refused_with_one_line_and_nothing_is_lost(person: Person, worker: Stack) -> None:
    worker.start_process("worker", wait=False)
    chat = person.chat
    chat.ask("kept [[say:as it was]]")
    page, before = chat.page, chat.page.url
    alert = page.get_by_role("alert")
    bombs = zipped({"../../conversations.json": [chatgpt_talk(1)]}), zipped({"conversations.json": b"[" + b" " * 70_000_000})
    for content, line in zip(bombs, ("names files outside of itself", "unpacks to far more than its size"), strict=True):
        bring(page, "odd.zip", content)
        expect(alert).to_contain_text(line)
        expect(page.get_by_role("button", name="Import", exact=True)).to_be_enabled()
    assert faults(page) == []
    # What only reading shows.
    bring(page, "other.json", b'[{"hello": "world"}]')
    expect(page.locator(".import[data-state=refused]").first).to_contain_text("No conversations of ChatGPT, Claude or this product")
    # The way is free for the right one, and what was here is here.
    bring(page, "right.json", json.dumps([chatgpt_talk(5)]).encode())
    expect(finished(page)).to_contain_text("1 conversation with 4 messages imported.")
    assert faults(page) == []
    page.goto(before)
    expect(chat.body()).to_have_text("as it was")


def test_without_javascript_an_archive_of_claude_comes_and_not_twice(sign_up: Callable[..., Person], worker: Stack) -> None:
    page = sign_up(java_script_enabled=False).chat.page
    archive = zipped({"conversations.json": [claude_talk(1), claude_talk(2)], "users.json": b"[]"})
    bring(page, "claude.zip", archive)
    expect(page.get_by_text("Waiting its turn").first).to_be_visible()
    worker.start_process("worker", wait=False)

    def reached(words: str) -> Callable[[], bool]:
        def there() -> bool:
            page.goto(PAGE)
            return words in page.content()

        return there

    wait_until(reached("2 conversations with 4 messages imported."), "the import's end", 60)
    bring(page, "claude.zip", archive)
    wait_until(reached("0 conversations with 0 messages imported, 2 not."), "the second import's end", 60)
    page.get_by_text("What was left out").first.click()
    expect(page.get_by_text("already here from an earlier import").first).to_be_visible()
    page.goto("/c/")
    expect(page.get_by_role("list", name="Conversations").get_by_role("listitem")).to_have_count(2)


def test_an_import_whose_worker_is_killed_goes_on_where_it_stood(person: Person, worker: Stack) -> None:
    page = person.chat.page
    worker.start_process("worker", wait=False)
    bring(page, "long.json", json.dumps([chatgpt_talk(number, turns=100) for number in range(60)]).encode())
    with worker.database() as database:
        stands = "SELECT position FROM conversations_importjob WHERE file_name = 'long.json'"

        def position() -> int:
            row = database.execute(stands).fetchone()
            return int(str(row[0])) if row else 0

        wait_until(lambda: position() > 0, "a first batch", 60)
        worker.kill("worker")
        stood = position()
    assert 0 < stood < 60
    worker.manage("shell", "-c", _SWEEP)
    expect(page.locator(".import")).to_contain_text("Interrupted, goes on soon")
    expect(page.locator(".import")).to_contain_text(f"{stood} of 60 conversations")
    worker.start_process("worker", wait=False)
    expect(finished(page)).to_contain_text("60 conversations with 12,000 messages imported.")


_SWEEP = """
from datetime import timedelta
from django.utils import timezone
from conversations.services.sweep_imports import sweep_imports
print(sweep_imports(now=timezone.now() + timedelta(minutes=1)))
"""


def test_what_one_exports_by_the_page_and_imports_by_the_page_is_the_same(
    sign_up: Callable[..., Person], worker: Stack, tmp_path: Path
) -> None:
    one, other = sign_up(), sign_up()
    _use_everything(one)
    mine = _take(one, tmp_path / "mine.json")
    worker.start_process("worker", wait=False)
    bring(other.chat.page, "mine.json", (tmp_path / "mine.json").read_bytes())
    expect(finished(other.chat.page)).to_contain_text(re.compile("2 conversations with 9 messages imported"))
    theirs = _take(other, tmp_path / "theirs.json")
    assert _without_ids(theirs) == _without_ids(mine)
    statuses = [message.get("status", "-") for message in _without_ids(mine)["conversations"][0]["messages"]]
    assert statuses == ["-", "completed", "completed", "-", "stopped", "-", "failed"]
    # And as it is seen.
    for person in (one, other):
        person.chat.page.goto("/c/")
        person.chat.rows.filter(has_text="The whole of it").get_by_role("link").first.click()
        expect(person.chat.articles).to_have_count(6)
    assert other.chat.bodies() == one.chat.bodies()
    for chat in (one.chat, other.chat):
        expect(chat.page.locator("#conversations li[data-place]").first).to_have_attribute("data-place", "pinned")
        expect(chat.answer).to_have_attribute("data-status", "failed")
        expect(chat.answer.get_by_role("alert")).to_contain_text("The answer failed.")
        expect(chat.page.locator('article[data-role="assistant"]').first.locator("details.reasoning summary")).to_contain_text(
            "Thought for"
        )
        expect(chat.articles.nth(3)).to_have_attribute("data-status", "stopped")
        expect(chat.articles.nth(1).locator(".versions")).to_contain_text("1/2")


def _use_everything(person: Person) -> None:
    """Branches of which not the last is shown; answers that completed, were stopped, failed; a pin, an archived one."""
    chat = person.chat
    chat.wait_connected()
    chat.ask("put away [[say:for later]]")
    chat.options().get_by_role("button", name="Archive").click()
    chat.page.goto("/c/")
    chat.wait_connected()
    chat.ask("first [[think]] [[say:the *first*]]")
    chat.button("Regenerate").click()
    expect(chat.answer.locator(".versions")).to_contain_text("2/2")
    chat.wait_status("completed")
    chat.button("Previous version").click()
    expect(chat.answer.locator(".versions")).to_contain_text("1/2")
    chat.send("then [[slow:40]] [[long:400]]")
    chat.wait_status("running")
    chat.button("Stop").click()
    chat.wait_status("stopped")
    chat.ask("and [[error:auth]]", "failed")
    chat.rename("The whole of it")
    expect(chat.page.get_by_role("heading", level=1)).to_have_text("The whole of it")
    chat.options().get_by_role("button", name="Pin").click()
    expect(chat.page.locator("#conversations li[data-place=pinned]")).to_have_count(1)


def _take(person: Person, path: Path) -> dict[str, Any]:
    person.chat.page.goto(PAGE)
    with person.chat.page.expect_download() as download:
        person.chat.page.get_by_role("link", name="Export all conversations").click()
    download.value.save_as(path)
    found: dict[str, Any] = json.loads(path.read_bytes())
    return found


def _without_ids(document: dict[str, Any]) -> dict[str, Any]:
    """Ids as places in their conversation; without what an import leaves behind: figures, keys of models, ends by the clock."""
    conversations = []
    for conversation in sorted(document["conversations"], key=lambda one: -len(one["messages"])):
        places = {message["id"]: place for place, message in enumerate(conversation["messages"])}
        messages = []
        for message in conversation["messages"]:
            kept = {name: value for name, value in message.items() if value and name not in ("id", "usage", "finished_at")}
            kept |= {name: places.get(message.get(name)) for name in ("parent", "left_at_leaf")}
            if "model" in kept:
                kept["model"] = kept["model"]["name"]
            messages.append(kept)
        shown = places[conversation["shown_leaf"]]
        conversations.append({**conversation, "id": None, "shown_leaf": shown, "messages": messages})
    return {"conversations": conversations}
