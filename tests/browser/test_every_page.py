"""Every page that an address of the product leads to, found in its URL configuration, in both themes and at both widths."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.regex_helper import normalize
from playwright.sync_api import Page, expect

from core.exceptions import DomainError
from tests.browser.axe import violations_in_both_themes
from tests.browser.person import Person
from tests.stack import Stack

WIDE, PHONE_WIDE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
TEMPLATES = Path(__file__).parents[2] / "templates"
ERRORS = sorted({TEMPLATES / "429.html", *TEMPLATES.glob("errors/[!_]*.html")} - {TEMPLATES / "errors/base.html"})
# Django's own, the doors of machines, /undo/, which names a word that was used up, and the frame that draws diagrams out of sight
# (a diagram is looked at where it is shown, in test_diagrams).
NOT_OURS = ("admin/", "healthz", "readyz", "metrics", "c/undo/", "diagrams/frame/")


def addresses(resolver: URLResolver | None = None) -> Iterator[tuple[str, list[str]]]:
    """Every address with the names of what it takes, as a format: `c/%(conversation_id)s/`."""
    for pattern in (resolver or get_resolver()).url_patterns:
        below = list(addresses(pattern)) if isinstance(pattern, URLResolver) else [("", [])]
        assert isinstance(pattern, (URLPattern, URLResolver))
        for (start, names), (rest, more) in itertools.product(normalize(pattern.pattern.regex.pattern), below):
            yield start + rest, [*names, *more]


def pages_of(person: Person, known: dict[str, list[str]]) -> Iterator[str]:
    """Those that answer this person with a whole page; of several things that an address may name, the first that has one."""
    for form, names in addresses():
        if form.startswith(NOT_OURS):
            continue
        assert set(names) <= set(known), f"/{form}: say here what {names} are"
        for values in itertools.product(*(known[name] for name in names)):
            path = f"/{form % dict(zip(names, values, strict=True))}"
            answer = person.context.request.get(path, max_redirects=0)
            if answer.status < 500 and answer.headers.get("content-type", "").startswith("text/html") and "<html" in answer.text():
                yield path
                break


def faults(page: Page) -> list[str]:
    """What axe finds in the page as it stands, at both widths in both themes, and whether it scrolls sideways on a phone."""
    found = []
    for size in (WIDE, PHONE_WIDE):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        found += [f"{size['width']} px, {one}" for one in violations_in_both_themes(page)]
    if page.evaluate("document.documentElement.scrollWidth") > PHONE_WIDE["width"]:
        found.append("scrolls sideways on a phone")
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    return found


@pytest.fixture
def known(person: Person, stack: Stack) -> dict[str, list[str]]:
    """What the addresses of somebody who has used everything can name."""
    person.chat.ask("everything [[think]]")
    ids: dict[str, list[str]] = json.loads(stack.manage("shell", "-c", _SEED.format(email=person.email)).splitlines()[-1])
    return ids | {"uidb36": ["1"], "key": ["no-such-key"], "pk": ["1"], "digest": ["no-such-picture"]}


_SEED = """
import json
from accounts.models import User
from accounts.selectors import actor_for, keep_link
from accounts.services.ask_for_export import ask_for_export
from conversations.models import Conversation, Folder, ImportJob, Share
from conversations.reading_types import ShareOptions
from conversations.services.archive_conversation import archive_conversation
from conversations.services.delete_conversation import delete_conversation
from conversations.services.share_conversation import share_conversation
from core.ids import uuid7
user = User.objects.get(email="{email}")
actor = actor_for(user.id)
here = dict(owner_id=user.id, workspace_id=actor.workspace_id)
used = Conversation.objects.get(owner=user)
share = share_conversation(actor, used.id, ShareOptions(), uuid7())
folder, job = Folder.objects.create(name="Work", **here), ImportJob.objects.create(file_name="export.zip", **here)
archive_conversation(actor, Conversation.objects.create(title="Put away", **here).id)
delete_conversation(actor, Conversation.objects.create(title="Thrown away", **here).id)
signed = keep_link(user.id, "2026-12-24T12:00:00+00:00").split("/")[-2]
words = dict(device_id=[user.id], export_id=[ask_for_export(user.id).id], signed=[signed])
words |= dict(conversation_id=[used.id], message_id=[*used.messages.order_by("-id").values_list("id", flat=True)], folder_id=[folder.id])
words |= dict(share_id=[Share.objects.get(owner=user).id], job_id=[job.id], token=[Share.objects.get(owner=user).token])
print(json.dumps({{name: [str(value) for value in values] for name, values in words.items()}}))
"""


def test_every_page_of_somebody_signed_in_is_without_violations(person: Person, known: dict[str, list[str]]) -> None:
    _expect_clean(person, known, least=25)


def test_every_page_of_somebody_signed_out_is_without_violations(person: Person, known: dict[str, list[str]]) -> None:
    person.context.clear_cookies()
    _expect_clean(person, known, least=6)


def _expect_clean(person: Person, known: dict[str, list[str]], least: int) -> None:
    page, tried, found = person.chat.page, 0, {}
    for path in pages_of(person, known):
        page.goto(path)
        tried += 1
        if wrong := faults(page):
            found[path] = wrong
    assert found == {}
    assert tried >= least


@pytest.mark.parametrize("template", ERRORS, ids=lambda file: file.stem)
def test_every_page_of_an_error_is_without_violations(person: Person, settings: Any, template: Path) -> None:
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    context = {"site_name": "Chat", "status": template.stem, "request_id": "0123456789abcdef", "error": DomainError("Wait a little.")}
    html = render_to_string(str(template.relative_to(TEMPLATES)), context)
    page = person.chat.page
    page.route("**/broken/", lambda route: route.fulfill(body=html, content_type="text/html"))
    page.goto("/broken/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert faults(page) == []
