"""The gallery for developers: every fragment in its states, without violations in both themes at both widths."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import clear_url_caches
from playwright.sync_api import Browser, Page, Route

from chatplatform import urls
from notifications.types import Kind
from tests.browser.axe import violations, violations_in_both_themes

ROOT = Path(__file__).parents[2]
TEMPLATES = ROOT / "templates"
ADDRESS = "http://gallery.test/gallery/"
TYPES = {".css": "text/css", ".svg": "image/svg+xml", ".js": "text/javascript", ".woff2": "font/woff2"}
# A page has one fragment of a name, the gallery each of its states.
SIDE_BY_SIDE = frozenset({"landmark-unique", "duplicate-id-active"})
# Fragments that the gallery has not, and why.
APART = {
    "_htmx_config.html": "says nothing that one sees",
    "_manage_nav.html": "stands on every page of an account: test_every_page",
    "account/_security_devices.html": "is a section of the security page: test_every_page",
    "account/_security_links.html": "is a section of the security page, walked in its states: test_other_accounts",
    "account/_security_second_step.html": "is a section of the security page, walked in its states: test_second_step",
    "account/_security_sign_in.html": "is a section of the security page: test_every_page",
    "account/email/_button.html": "is for mail, which has no style sheets of ours",
    "notifications/_notice.html": "is for mail, which has no style sheets of ours",
    "admin/usage/providerreport/_breadcrumbs.html": "is a line of Django's admin, which has a look of its own",
    "conversations/_main.html": "is a whole page, with a main of its own: test_every_page",
    "conversations/_modules.html": "says nothing that one sees",
    "mfa/_use_passkey.html": "is a button of the sign-in pages: test_second_step",
    "socialaccount/_buttons.html": "stands on the sign-in pages where a provider is set up: test_other_accounts",
}


@pytest.fixture
def gallery(settings: Any) -> Iterator[Any]:
    """The answer to `/gallery/` with `DEBUG`, by the product's own list of addresses; without a database and a server."""
    settings.DEBUG = True
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    _read_addresses_again()
    yield Client().get("/gallery/")
    settings.DEBUG = False
    _read_addresses_again()


def _read_addresses_again() -> None:
    importlib.reload(urls)
    clear_url_caches()


@pytest.fixture
def page(chromium: Browser, gallery: Any) -> Iterator[Page]:
    """The gallery in a browser, with its own policy and the style sheets as they are on disk; nothing goes over a network."""
    complaints: list[str] = []
    context = chromium.new_context(reduced_motion="reduce")
    page = context.new_page()
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    policy = {"Content-Security-Policy": gallery.headers["Content-Security-Policy"]}

    def serve(route: Route) -> None:
        path = route.request.url.removeprefix("http://gallery.test/").partition("#")[0]
        file = ROOT / path
        if path == "gallery/":
            route.fulfill(body=gallery.content, content_type="text/html", headers=policy)
        elif path.startswith("static/") and file.is_file():
            route.fulfill(body=file.read_bytes(), content_type=TYPES.get(file.suffix, "application/octet-stream"))
        else:
            route.fulfill(status=204)

    page.route("**/*", serve)
    page.goto(ADDRESS)
    yield page
    context.close()
    assert complaints == [], complaints


def test_every_state_is_without_violations_in_both_themes_at_both_widths(page: Page, tmp_path: Path) -> None:
    found = []
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 844})
        found += [f"{width} px, {one}" for one in violations_in_both_themes(page, besides=SIDE_BY_SIDE)]
        if page.evaluate("document.documentElement.scrollWidth") > width:
            found.append(f"{width} px scroll sideways: {page.evaluate(WIDE)}")
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            page.screenshot(path=tmp_path / f"gallery-{theme}-{width}.jpg", full_page=True, type="jpeg")
    assert found == []


WIDE = """[...document.querySelectorAll(".state")].filter((each) => each.scrollWidth > each.clientWidth).map((each) => each.id)"""


def test_the_gallery_has_every_fragment_without_a_database(gallery: Any) -> None:
    shown = {template.name for template in gallery.templates}
    fragments = {file.relative_to(TEMPLATES).as_posix() for file in TEMPLATES.rglob("_*.html")}
    assert fragments - shown == set(APART)


def test_developers_read_every_mail_as_text_and_as_a_page_with_its_own_styles(page: Page, gallery: Any, tmp_path: Path) -> None:
    listing, one = Client().get("/gallery/mails/"), Client().get("/gallery/mails/welcome/")
    answers = {"mails/": listing, "mails/welcome/": one}

    def serve(route: Route) -> None:
        answer = answers[route.request.url.removeprefix(ADDRESS)]
        policy = {"Content-Security-Policy": answer.headers["Content-Security-Policy"]}
        route.fulfill(body=answer.content, content_type="text/html", headers=policy)

    page.route(f"{ADDRESS}mails/**", serve)
    page.set_viewport_size({"width": 390, "height": 844})
    for path in answers:
        page.goto(f"{ADDRESS}{path}")
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        page.screenshot(path=tmp_path / f"{path.count('/')}.png")
    for kind in Kind:
        assert f"/gallery/mails/{kind}/" in listing.content.decode()
    assert Client().get("/gallery/mails/no-such-mail/").status_code == 404


def test_without_debug_there_is_no_gallery() -> None:
    for address in ("/gallery/", "/gallery/mails/", "/gallery/mails/welcome/"):
        assert Client().get(address).status_code == 404
