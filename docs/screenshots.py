"""README's pictures, made from the running product: `.venv/bin/python -m docs.screenshots` from the root, after `bin/test` has run once.

Starts `bin/run` on a folder of its own, signs somebody up, asks the scripted model a few things, and saves
`docs/images/conversation-*.png`: in both themes, and on a phone.
"""

# ruff: noqa: S603 - running our own commands is what this file is for
from __future__ import annotations

import os
import re
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from playwright.sync_api import Page, ViewportSize, expect, sync_playwright

from tests.browser.person import executable, launch_flags

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
EMAIL, PASSWORD = "ada@example.org", "a-long-enough-secret-7"
EARLIER = ("Three days in Lisbon with children", "A friendly reminder to my landlord", "Why is this query slow?", "Undo my last commit")
QUESTION = "Show me a table and some code."
DESK, PHONE = ViewportSize(width=1280, height=800), ViewportSize(width=390, height=844)
PICTURES: tuple[tuple[str, ViewportSize, Literal["light", "dark"]], ...] = (
    ("light", DESK, "light"),
    ("dark", DESK, "dark"),
    ("phone", PHONE, "light"),
)
# Neither the developer's keys nor their data: empty variables win over `.env`.
VARIABLES = {
    **dict.fromkeys(("ANTHROPIC_API_KEY", "OPENAI_API_KEY", "GEMINI_API_KEY", "OPENAI_COMPATIBLE_BASE_URL"), ""),
    **dict.fromkeys(("DATABASE_URL", "REDIS_URL", "SITE_NAME", "BASE_URL", "DEFAULT_MODEL"), ""),
    "LOCAL_MODEL": "off",
    "SCRIPTED_DELAY_MS": "4",
    "HOST": "127.0.0.1",
    "PORT": "0",
}


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="chat-pictures-") as folder, sync_playwright() as playwright:
        Path(folder).chmod(0o755)  # PostgreSQL may run as another user
        environment = {**os.environ, **VARIABLES, "VAR_DIR": folder}
        with product(environment) as url:
            browser = playwright.chromium.launch(executable_path=executable(), args=launch_flags())
            take_pictures(browser.new_page(base_url=url, viewport=DESK, reduced_motion="reduce"))
            browser.close()


@contextmanager
def product(environment: dict[str, str]) -> Iterator[str]:
    """`bin/run`, from its line `Ready: URL` to its orderly end."""
    with subprocess.Popen([str(ROOT / "bin" / "run")], env=environment, stdout=subprocess.PIPE, text=True) as run:
        try:
            said = ""
            for line in run.stdout or ():
                said += line
                if found := re.fullmatch(r"Ready: (\S+)\n", line):
                    yield found[1]
                    return
            raise RuntimeError(f"bin/run ended before it was ready:\n{said}")
        finally:
            run.send_signal(signal.SIGTERM)
            run.communicate()


def take_pictures(page: Page) -> None:
    page.goto("/accounts/signup/")
    page.get_by_label("Email").fill(EMAIL)
    page.locator("input[type=password]").fill(PASSWORD)
    page.get_by_role("button", name="Sign up").click()
    page.wait_for_url("**/c/")
    for question in (*EARLIER, QUESTION):
        ask(page, question)
    page.reload()
    page.get_by_role("meter", name="Quota").wait_for()
    page.evaluate("document.activeElement.blur()")
    for name, viewport, scheme in PICTURES:
        page.set_viewport_size(viewport)
        page.emulate_media(color_scheme=scheme)
        save(page, f"conversation-{name}.png")


def ask(page: Page, question: str) -> None:
    """In a new conversation; returns when the answer is complete."""
    page.goto("/c/")
    page.get_by_role("textbox", name="Message").fill(question)
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator('article[data-role="assistant"]')).to_have_attribute("data-status", "completed", timeout=60_000)


def save(page: Page, name: str) -> None:
    """From the question on, with nothing that blinks."""
    page.locator("#scroll").evaluate("box => box.scrollTop = 0")
    page.screenshot(path=IMAGES / name, animations="disabled", caret="hide")
    print(f"docs/images/{name}: {(IMAGES / name).stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
