"""Two screens of one person, doing random things, and the question whether they show the same."""

from __future__ import annotations

import contextlib
import difflib
import random
import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Locator
from playwright.sync_api import TimeoutError as NotInTime

from tests.browser.person import Chat
from tests.stack import wait_until

SETTLE_SECONDS = 30.0
_QUICK_MS = 4000

# What a page shows, without what belongs to one viewer alone: marks of HTMX, what is open or focused, older messages loaded by scrolling.
_SHOWN = """() => {
  const clean = (element) => {
    const copy = element.cloneNode(true);
    for (const one of [copy, ...copy.querySelectorAll("*")]) {
      one.removeAttribute("aria-busy");
      one.removeAttribute("open");
      one.removeAttribute("data-copied");
      one.removeAttribute("aria-expanded");
      for (const name of [...one.classList]) if (name.startsWith("htmx-")) one.classList.remove(name);
      if (one.getAttribute("class") === "") one.removeAttribute("class");
    }
    for (const token of copy.querySelectorAll("input[name=csrfmiddlewaretoken]")) token.remove();
    return copy.outerHTML.replace(/>\\s+</g, ">\\n<").replace(/\\s+\\n/g, "\\n");
  };
  const articles = [...document.querySelectorAll("#log > article")].slice(-20).map(clean);
  const rows = [...document.querySelectorAll("#conversations li")].map(clean);
  return [document.getElementById("title").textContent, document.title, ...articles, ...rows].join("\\n");
}"""

_QUIET = """() => {
  const main = document.getElementById("main");
  const live = '#log > article:is([data-status="queued"], [data-status="running"]), #conversations [data-running]';
  const busy = document.querySelector(`[aria-busy="true"], .htmx-request, ${live}`);
  return main.dataset.connected === "yes" && !busy ? Number(main.dataset.revision) : -1;
}"""

_NOTHING_RUNS = "() => !document.querySelector('#log > article:is([data-status=queued], [data-status=running])')"


class Screens:
    """`act` does one random thing on one of the screens; `settle` waits until both are at rest and show the same."""

    def __init__(self, chats: tuple[Chat, Chat], seed: int) -> None:
        self.chats = chats
        self.random = random.Random(seed)
        self.done: list[str] = []
        self.skipped = 0
        self._actions: list[Callable[[Chat], str | None]] = [
            self._send,
            self._send,
            self._send_and_stop,
            self._edit,
            self._regenerate,
            self._switch,
            self._switch,
            self._continue,
            self._rate,
            self._delete_branch,
            self._rename,
            self._pin,
            self._delete_other,
        ]

    def act(self) -> None:
        """One thing, done by clicks, without waiting for the other screen to have heard of the last one."""
        screen = self.random.randrange(2)
        action = self.random.choice(self._actions)
        try:
            said = action(self.chats[screen])
        except NotInTime:
            said = None  # what was aimed at has gone meanwhile: the other screen was faster
        if said is None:
            self.skipped += 1
        else:
            self.done.append(f"{screen} {said}")

    def settle(self) -> str:
        """What both show in the end. Raises `AssertionError` with the difference when that does not become the same."""
        try:
            wait_until(lambda: self._at_rest() and len(set(self._shown())) == 1, "two equal screens", SETTLE_SECONDS)
        except TimeoutError:
            left, right = self._shown()
            lines = "\n".join(difflib.unified_diff(left.splitlines(), right.splitlines(), "first", "second", lineterm="", n=1))
            quiet = [chat.page.evaluate(_QUIET) for chat in self.chats]
            raise AssertionError(f"after {self.done[-12:]}, at rest {quiet}:\n{lines[:6000]}") from None
        return self._shown()[0]

    def _at_rest(self) -> bool:
        for chat in self.chats:  # an edit that was refused, since an answer is being written: one's text stays until one lets it go
            for cancel in chat.page.locator(".editor:has([role=alert]) [data-cancel]").all():
                with contextlib.suppress(NotInTime):  # redrawn meanwhile: `wait_until` comes again
                    cancel.click(timeout=_QUICK_MS)
        revisions = [chat.page.evaluate(_QUIET) for chat in self.chats]
        return bool(revisions[0] == revisions[1] != -1)

    def _shown(self) -> list[str]:
        return [str(chat.page.evaluate(_SHOWN)) for chat in self.chats]

    # --- what one can do ------------------------------------------------------------------------------------------

    def _send(self, chat: Chat) -> str:
        word = f"n{len(self.done)}"
        return self._say(chat, f"[[say:**{word}** and `code`\\n\\n* one\\n* two]]")

    def _send_and_stop(self, chat: Chat) -> str:
        said = self._say(chat, "[[long:400]] [[slow:25]]")
        other = self.chats[1] if chat is self.chats[0] else self.chats[0]
        self.random.choice([chat, other]).button("Stop").click(timeout=_QUICK_MS)
        return f"{said}, stopped"

    def _say(self, chat: Chat, text: str) -> str:
        self._calm(chat)
        chat.message.fill(text)
        chat.button("Send").click(timeout=_QUICK_MS)
        return f"send {text[:24]}"

    def _edit(self, chat: Chat) -> str | None:
        self._calm(chat)
        article = self._pick(chat.page.locator('#log > article[data-role="user"]'))
        if article is None:
            return None
        article.hover(timeout=_QUICK_MS)
        article.get_by_role("button", name="Edit", exact=True).click(timeout=_QUICK_MS)
        box = article.get_by_role("textbox")
        box.fill(f"[[say:edited {len(self.done)}]]", timeout=_QUICK_MS)
        box.press("Control+Enter")
        return "edit"

    def _regenerate(self, chat: Chat) -> str | None:
        self._calm(chat)
        return self._click(chat, 'article[data-role="assistant"] button[aria-label="Regenerate"]', "regenerate")

    def _switch(self, chat: Chat) -> str | None:
        name = self.random.choice(["Previous version", "Next version"])
        return self._click(chat, f'article button[aria-label="{name}"]:not([disabled])', name)

    def _continue(self, chat: Chat) -> str | None:
        self._calm(chat)
        return self._click(chat, 'article button[formaction$="/continue/"]', "continue")

    def _rate(self, chat: Chat) -> str | None:
        name = self.random.choice(["Good response", "Bad response"])
        said = self._click(chat, f'article button[aria-label="{name}"]:not([value=""])', name)
        if said == "Bad response":
            chat.page.locator("#dialog").get_by_text("Skip").click(timeout=_QUICK_MS)
        return said

    def _delete_branch(self, chat: Chat) -> str | None:
        if self._click(chat, 'article button[aria-label="More"]', "more") is None:
            return None
        chat.page.locator("#options").get_by_role("button", name="Delete").click(timeout=_QUICK_MS)
        if self.random.random() < 0.8:
            chat.page.locator("#toasts").get_by_role("button", name="Undo").last.click(timeout=_QUICK_MS)
            return "delete a branch, undo"
        return "delete a branch"

    def _click(self, chat: Chat, selector: str, what: str) -> str | None:
        button = self._pick(chat.page.locator(f"#log > {selector}"))
        if button is None:
            return None
        button.click(timeout=_QUICK_MS)
        return what

    def _rename(self, chat: Chat) -> str | None:
        menu = self._open_menu(chat)
        if menu is None:
            return None
        name = f"name {len(self.done)}"
        menu.get_by_text("Rename", exact=True).first.click(timeout=_QUICK_MS)
        menu.get_by_role("textbox", name="Name").fill(name, timeout=_QUICK_MS)
        menu.get_by_role("textbox", name="Name").press("Enter")
        return f"rename to {name}"

    def _pin(self, chat: Chat) -> str | None:
        menu = self._open_menu(chat)
        if menu is None:
            return None
        button = menu.get_by_role("button", name=re.compile("^(Pin|Unpin)$"))
        said = button.inner_text(timeout=_QUICK_MS)
        button.click(timeout=_QUICK_MS)
        return said

    def _delete_other(self, chat: Chat) -> str | None:
        menu = self._open_menu(chat, not_current=True)
        if menu is None:
            return None
        menu.get_by_role("button", name="Delete", exact=True).click(timeout=_QUICK_MS)
        if self.random.random() < 0.8:
            chat.page.locator("#toasts").get_by_role("button", name="Undo").last.click(timeout=_QUICK_MS)
            return "delete, undo"
        return "delete"

    def _open_menu(self, chat: Chat, *, not_current: bool = False) -> Locator | None:
        rows = "#conversations li:has(> button.options)"
        row = self._pick(chat.page.locator(f"{rows}:not(:has([aria-current]))" if not_current else rows))
        if row is None:
            return None
        row.hover(timeout=_QUICK_MS)
        row.locator("button.options").click(timeout=_QUICK_MS)
        return chat.page.locator(".options-list:popover-open")

    def _pick(self, found: Locator) -> Locator | None:
        count = found.count()
        return found.nth(self.random.randrange(count)) if count else None

    def _calm(self, chat: Chat) -> None:
        """Most things wait for the running answer; some do not, and are queued or refused."""
        if self.random.random() < 0.9:
            chat.page.wait_for_function(_NOTHING_RUNS, timeout=_QUICK_MS)


def bodies_after_reload(chat: Chat) -> list[str]:
    """The message bodies of the last twenty turns in a fresh tab."""
    page = chat.page.context.new_page()
    page.goto(re.sub(r"#.*", "", chat.page.url))
    found: list[Any] = Chat(page).bodies()
    page.close()
    return [str(body) for body in found[-20:]]
