"""Taking everything along, closing the account and thinking better of it, as a newcomer does it."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.keys import WIDTHS, Keys
from tests.browser.person import PASSWORD, Person
from tests.browser.test_every_page import faults
from tests.stack import Stack, wait_until


def prove(page: Page) -> None:
    """The password once more."""
    expect(page.get_by_role("heading", name="Is it you?")).to_be_visible()
    page.locator("input[type=password]").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()


def sign_in(page: Page, email: str) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("Email").fill(email)
    page.locator("input[type=password]").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


@WIDTHS
def test_everything_is_exported_and_downloaded_by_keyboard(keys: Keys, width: int, worker: Stack, tmp_path: Path) -> None:
    keys.ask("what I want to keep [[say:and its answer]]")
    page, narrow = keys.page, width < 500  # `faults` looks at both widths, and leaves the page wide
    page.goto("/settings/")
    if narrow:
        keys.use("Menu", "Tab")
    keys.use("Your data", "Tab")
    page.wait_for_url("**/settings/data/")
    assert narrow or faults(page) == []
    keys.use("Export my data", "Tab")
    expect(page.get_by_role("heading", name="Is it you?")).to_be_visible()
    page.locator("input[type=password]").focus()
    keys.type(PASSWORD)
    keys.press("Enter")
    page.wait_for_url("**/settings/data/")
    expect(page.get_by_role("status").filter(has_text="Waiting")).to_be_visible()
    worker.start_process("worker", wait=False)
    expect(page.get_by_role("status").filter(has_text="Ready")).to_be_visible(timeout=60_000)
    assert narrow or faults(page) == []
    with page.expect_download() as coming:
        keys.use("Download", "Tab")
    file = tmp_path / "mine.zip"
    coming.value.save_as(file)
    assert re.fullmatch(r"my-data-\d{4}-\d\d-\d\d\.zip", coming.value.suggested_filename)
    with zipfile.ZipFile(file) as archive:
        assert archive.testzip() is None
        [conversation] = json.loads(archive.read("conversations.json"))["conversations"]
    assert [message["text"] for message in conversation["messages"]] == ["what I want to keep [[say:and its answer]]", "and its answer"]


def test_progress_is_seen_while_it_is_written_and_without_a_reload(sign_up: Callable[..., Person], stack: Stack) -> None:
    person = sign_up()
    stack.manage("shell", "-c", _QUEUED.format(email=person.email))
    page = person.open("/settings/data/").page
    bar = page.get_by_role("progressbar", name="Export")
    expect(bar).to_have_attribute("max", "400")
    expect(page.get_by_text("100 of 400 steps")).to_be_visible()
    assert faults(page) == []
    stack.manage("shell", "-c", _FURTHER.format(email=person.email))
    expect(page.get_by_text("300 of 400 steps")).to_be_visible()
    stack.manage("shell", "-c", _GIVEN_UP.format(email=person.email))
    expect(page.get_by_text("It could not be written")).to_be_visible()


_OWN = "from accounts.models import DataExport\nown = DataExport.objects.filter(user__email='{email}')\n"
_QUEUED = (
    "from datetime import timedelta\nfrom django.utils import timezone\nfrom accounts.models import DataExport, User\n"
    # A worker that has just said something, and will be silent for as long as the test takes.
    "DataExport.objects.create(user=User.objects.get(email='{email}'), state='running', done=100, total=400,"
    " heartbeat_at=timezone.now() + timedelta(minutes=10))"
)
_FURTHER = f"{_OWN}own.update(done=300)"
_GIVEN_UP = f"{_OWN}own.update(state='failed')"


def test_an_account_is_closed_and_kept_again_by_keyboard_on_a_phone(sign_up: Callable[..., Person]) -> None:
    person = sign_up(viewport={"width": 390, "height": 844}, has_touch=True)
    person.chat.ask("still here? [[say:yes]]")
    other = person.open("/c/").page
    page = person.open("/settings/data/").page
    page.get_by_role("link", name="Delete my account").press("Enter")
    prove(page)
    expect(page.get_by_role("heading", name="Delete your account")).to_be_visible()
    assert faults(page) == []
    page.set_viewport_size({"width": 390, "height": 844})
    page.get_by_role("button", name="Delete my account").press("Enter")
    expect(page.get_by_role("heading", name="Your account is closed now")).to_be_visible()
    assert faults(page) == []
    expect(other.get_by_text("You are signed out.")).to_be_visible()
    sign_in(page, person.email)
    expect(page.get_by_role("heading", name="Your account is closed", exact=True)).to_be_visible()
    assert faults(page) == []
    page.goto("/c/")
    expect(page.get_by_role("heading", name="Your account is closed", exact=True)).to_be_visible()
    page.get_by_role("button", name="Keep my account").press("Enter")
    expect(page.get_by_text("Your account stays")).to_be_visible()
    page.goto("/c/")
    expect(page.get_by_role("list", name="Conversations").get_by_role("listitem").first).to_be_attached()


def test_the_link_in_the_mail_keeps_it_without_javascript(sign_up: Callable[..., Person], worker: Stack) -> None:
    worker.start_process("worker", wait=False)
    person = sign_up(java_script_enabled=False)
    page = person.open("/settings/data/delete/").page
    prove(page)
    page.get_by_role("button", name="Delete my account").click()
    expect(page.get_by_role("heading", name="Your account is closed now")).to_be_visible()
    page.goto(link_in_mail(worker, person.email, "/accounts/keep/"))
    assert "Keep your account?" in page.content()
    page.get_by_role("button", name="Keep my account").click()
    expect(page.get_by_text("Your account stays")).to_be_visible()
    sign_in(page, person.email)
    page.wait_for_url("**/c/")


def link_in_mail(stack: Stack, email: str, start: str) -> str:
    """The first link below `start` in a mail to this person, once the worker has sent it."""
    found: list[str] = []

    def look() -> bool:
        for path in (stack.folder / "var" / "mail").glob("*"):
            text = path.read_text().replace("=\n", "").replace("=3D", "=")
            if f"To: {email}" in text:
                found.extend(re.findall(re.escape(start) + r"[\w:=.-]+/", text))
        return bool(found)

    wait_until(look, f"a mail to {email}", 60)
    return found[0]
