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
from tests.browser.person import PASSWORD, Person
from tests.stack import Stack

WIDE, PHONE_WIDE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
TEMPLATES = Path(__file__).parents[2] / "templates"
ERRORS = sorted({TEMPLATES / "429.html", *TEMPLATES.glob("errors/[!_]*.html")} - {TEMPLATES / "errors/base.html"})
# Django's own, the doors of machines, /undo/, which names a word that was used up, and the frame that draws diagrams out of sight
# (a diagram is looked at where it is shown, in test_diagrams).
NOT_OURS = ("admin/", "healthz", "readyz", "metrics", "c/undo/", "diagrams/frame/")
QUERIES = {"c/%(conversation_id)s/older/": ("?before=%(message_id)s", "message_id")}  # what an address takes behind it, and its name
# Pages that say that something did not come about, to machines too.
ALSO = {"accounts/invitation/%(token)s/": 404, "accounts/3rdparty/login/error/": 401}
# What answers people who have everything with an error nevertheless, and why.
NO_PAGE = {
    "accounts/2fa/webauthn/keys/%(pk)s/remove/": "has to do with a device: test_second_step",
    "accounts/2fa/webauthn/keys/%(pk)s/edit/": "has to do with a device: test_second_step",
    "settings/data/export/%(export_id)s/file/": "is a file",
    "settings/picture/%(digest)s.webp": "is a picture",
    "c/%(conversation_id)s/m/%(message_id)s/between/": "is for scripts; what they make of it is in test_what_opens",
}


def addresses(resolver: URLResolver | None = None) -> Iterator[tuple[str, list[str]]]:
    """Every address with the names of what it takes, as a format: `c/%(conversation_id)s/`."""
    for pattern in (resolver or get_resolver()).url_patterns:
        below = list(addresses(pattern)) if isinstance(pattern, URLResolver) else [("", [])]
        assert isinstance(pattern, (URLPattern, URLResolver))
        for (start, names), (rest, more) in itertools.product(normalize(pattern.pattern.regex.pattern), below):
            yield start + rest, [*names, *more]


def pages_of(person: Person, known: dict[str, list[str]]) -> tuple[list[str], set[str]]:
    """The paths that answer this person with a whole page: of several things that an address may name, the first that has one.
    And the addresses that have nothing but error pages."""
    pages, refused = [], set()
    for form, names in dict(addresses()).items():
        if form.startswith(NOT_OURS):
            continue
        assert set(names) <= set(known), f"/{form}: say here what {names} are"
        query, *more = QUERIES.get(form, ("",))
        for values in itertools.product(*(known[name] for name in (*names, *more))):
            path = f"/{(form + query) % dict(zip((*names, *more), values, strict=True))}"
            answer = person.context.request.get(path, max_redirects=0)
            if not (answer.headers.get("content-type", "").startswith("text/html") and "<html" in answer.text()):
                break
            if answer.status in (200, ALSO.get(form)):
                pages.append(path)
                break
        else:
            refused.add(form)
    return pages, refused


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
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from accounts.email_back import email_back_address
from accounts.models import User
from accounts.selectors import actor_for, keep_link
from accounts.services.ask_for_export import ask_for_export
from accounts.services.record_security_event import record_security_event
from accounts.types import SecurityEventKind
from conversations.models import Conversation, Folder, ImportJob, Message, Share
from conversations.reading_types import ShareOptions
from conversations.services.archive_conversation import archive_conversation
from conversations.services.delete_conversation import delete_conversation
from conversations.services.rate_answer import explain_rating, rate_answer
from conversations.services.share_conversation import share_conversation
from core.ids import uuid7
from notifications.stopping import stop_address
from notifications.types import Topic
user = User.objects.get(email="{email}")
actor = actor_for(user.id)
here = dict(owner_id=user.id, workspace_id=actor.workspace_id)
TOTP.activate(user, generate_totp_secret())
RecoveryCodes.activate(user)
changed = record_security_event(SecurityEventKind.EMAIL_CHANGED, subject_id=user.id, details={{"from": "former@example.org"}})
used = Conversation.objects.get(owner=user)
question, answer = used.messages.order_by("id")
version = Message.objects.create(conversation=used, workspace_id=actor.workspace_id, role="user", text="In other words")
rate_answer(actor, used.id, answer.id, "bad")
explain_rating(actor, used.id, answer.id, reason="", comment="It left the question open.")
share = share_conversation(actor, used.id, ShareOptions(), uuid7())
folder, job = Folder.objects.create(name="Work", **here), ImportJob.objects.create(file_name="export.zip", **here)
archive_conversation(actor, Conversation.objects.create(title="Put away", **here).id)
delete_conversation(actor, Conversation.objects.create(title="Thrown away", **here).id)
links = keep_link(user.id, "2026-12-24T12:00:00+00:00"), stop_address(user.id, Topic.USAGE), email_back_address(changed)
words = dict(device_id=[user.id], export_id=[ask_for_export(user.id).id], signed=[link.split("/")[-2] for link in links])
words |= dict(conversation_id=[used.id], message_id=[answer.id, question.id, version.id], folder_id=[folder.id])
words |= dict(share_id=[Share.objects.get(owner=user).id], job_id=[job.id], token=[Share.objects.get(owner=user).token])
print(json.dumps({{name: [str(value) for value in values] for name, values in words.items()}}))
"""


def test_every_page_of_somebody_signed_in_and_then_signed_out_is_without_violations(person: Person, known: dict[str, list[str]]) -> None:
    page = person.chat.page
    page.goto("/accounts/reauthenticate/")  # what asks for it again is a page like others
    page.locator("input[type=password]").fill(PASSWORD)
    with page.expect_navigation():
        page.get_by_role("button", name="Confirm").click()
    pages, refused = pages_of(person, known)
    assert refused == set(NO_PAGE)
    assert len(pages) >= 45
    found = _found_in(person, pages)
    person.context.clear_cookies()
    pages, _ = pages_of(person, known)
    assert len(pages) >= 15
    assert found | _found_in(person, pages) == {}


def _found_in(person: Person, pages: list[str]) -> dict[str, list[str]]:
    found = {}
    for path in pages:
        person.chat.page.goto(path)
        found[path] = faults(person.chat.page)
    return {path: wrong for path, wrong in found.items() if wrong}


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
