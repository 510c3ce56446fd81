"""Somebody at a browser: an account, a context, and pages with the names that the contract promises."""

from __future__ import annotations

import itertools
import os
import re
import shutil
import time
from typing import Any

from playwright.sync_api import ConsoleMessage, Locator, Page, WebError, expect

from tests.browser.contexts import Contexts
from tests.stack import Stack

PASSWORD = "a-long-enough-secret-7"
SECONDS = 20_000
_numbers = itertools.count()


def executable() -> str | None:
    """The system's Chromium, without windows if there is one of that kind; else (None) what `playwright install` fetched."""
    return shutil.which("chromium-headless-shell") or shutil.which("chromium")


def launch_flags() -> list[str]:
    flags = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
    return [*flags, "--disable-component-update", "--disable-sync", "--no-sandbox", "--process-per-site", "--in-process-gpu"]


class Person:
    """Signed up on arrival, without the form: that is looked at in test_send_message.

    `chat` is the first page; scripts that fail or break the content policy fail the test.
    """

    def __init__(self, contexts: Contexts, stack: Stack, *, host: str = "127.0.0.1", **options: Any) -> None:
        self.complaints: list[str] = []
        self._contexts = contexts
        self.url = f"http://{host}:{stack.port}"
        self.email = f"p{os.getpid()}-{time.time_ns()}-{next(_numbers)}@example.org"
        self.context = contexts.take(self.url, {"viewport": {"width": 1280, "height": 800}, **options})
        self.context.set_default_timeout(SECONDS)
        self.context.on("weberror", self._hear_error)
        self.context.on("console", self._listen)
        for cookie in stack.arrive(self.email, PASSWORD, options.get("user_agent") or contexts.agent):
            self.context.add_cookies([{"name": cookie["name"], "value": cookie["value"], "domain": host, "path": cookie["path"]}])
        (page,) = self.context.pages
        page.goto("/c/")
        self.chat = Chat(page)

    def open(self, path: str) -> Chat:
        """Another tab."""
        page = self.context.new_page()
        page.goto(path)
        return Chat(page)

    def run_in_every_page(self, script: str) -> None:
        """In all that are opened from now on, before their own scripts."""
        self.context.add_init_script(script)

    def _listen(self, message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            self.complaints.append(message.text)

    def _hear_error(self, error: WebError) -> None:
        if error.page and error.page.url != "about:blank":  # where scripts of tests begin, before the product's page is there
            self.complaints.append(str(error.error))

    def leave(self) -> None:
        self.context.remove_listener("weberror", self._hear_error)
        self.context.remove_listener("console", self._listen)
        self._contexts.give_back(self.context)
        assert self.complaints == [], self.complaints


class Chat:
    """A conversation's page."""

    def __init__(self, page: Page) -> None:
        self.page = page

    @property
    def message(self) -> Locator:
        return self.page.get_by_role("textbox", name="Message")

    @property
    def articles(self) -> Locator:
        return self.page.get_by_role("log", name="Conversation").get_by_role("article")

    @property
    def answer(self) -> Locator:
        """The last answer."""
        return self.page.locator('article[data-role="assistant"]').last

    @property
    def rows(self) -> Locator:
        return self.page.get_by_role("list", name="Conversations").get_by_role("listitem")

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    def options(self, row: Locator | None = None) -> Locator:
        """Open the options of a row, or of the open conversation; the popover."""
        place = row or self.page.locator("header.bar")
        place.hover()
        place.get_by_role("button", name=re.compile("^Options for")).click()
        expect(self.page.locator("#options li").first).to_be_visible()
        return self.page.locator("#options")

    def rename(self, name: str, row: Locator | None = None) -> None:
        options = self.options(row)
        options.locator("summary", has_text="Rename").click()
        options.get_by_role("textbox", name="Name").fill(name)
        options.get_by_role("button", name="Rename").click()

    def body(self, article: Locator | None = None) -> Locator:
        return (article or self.answer).locator('[data-part="body"]')

    def send(self, text: str) -> None:
        self.message.fill(text)
        self.button("Send").click()

    def ask(self, text: str, status: str = "completed") -> None:
        """Send, and wait for the answer's end."""
        before = self.articles.count()
        self.send(text)
        expect(self.articles).to_have_count(before + 2)
        self.wait_status(status)

    def wait_status(self, *statuses: str) -> None:
        expect(self.answer).to_have_attribute("data-status", re.compile(f"^({'|'.join(statuses)})$"), timeout=SECONDS)

    def wait_text(self, text: str) -> None:
        expect(self.body()).to_contain_text(text, timeout=SECONDS)

    def bodies(self) -> list[str]:
        """The HTML of every message's body, as it is in the page."""
        found: list[str] = self.page.locator('article [data-part="body"]').evaluate_all("all => all.map(one => one.innerHTML)")
        return found

    def wait_connected(self) -> None:
        """Until the socket has said what is true."""
        self.page.wait_for_function("() => document.getElementById('main')?.dataset.connected === 'yes'")

    def settled(self, selector: str) -> float:
        """How far down something is scrolled once that no longer changes."""
        top: float = self.page.locator(selector).evaluate(
            """async (element) => {
              for (let still = 0, before = -1; still < 10; before = element.scrollTop) {
                await new Promise(requestAnimationFrame);
                still = element.scrollTop === before ? still + 1 : 0;
              }
              return element.scrollTop;
            }"""
        )
        return top
