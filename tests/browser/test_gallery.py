"""The gallery for developers: every fragment in its states, without violations in both themes at both widths."""

from __future__ import annotations

import importlib
import io
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import clear_url_caches
from PIL import Image
from playwright.sync_api import Browser, Page, Route

from chatplatform import urls
from chatplatform.gallery import writing
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
    "account/email/_button.html": "is for mail, which has no style sheets of ours",
    "notifications/_notice.html": "is for mail, which has no style sheets of ours",
    "admin/usage/providerreport/_breadcrumbs.html": "is a line of Django's admin, which has a look of its own",
}
# Their forms are sent by buttons elsewhere.
NOTHING_TO_SEE = {"state-forms-of-all-messages"}


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
    """And has a picture, in the folder that `SCREENSHOTS` names (else the test's own): light on a desk, dark on a phone."""
    found = []
    pictures = Path(os.environ.get("SCREENSHOTS") or tmp_path) / "gallery"
    for width, theme in ((390, "dark"), (1280, "light")):
        page.set_viewport_size({"width": width, "height": 844})
        found += [f"{width} px, {one}" for one in violations_in_both_themes(page, besides=SIDE_BY_SIDE)]
        if page.evaluate("document.documentElement.scrollWidth") > width:
            found.append(f"{width} px scroll sideways: {page.evaluate(WIDE)}")
        found += [f"moves all the same: {one}" for one in page.evaluate(MOVES)]
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # type: ignore[arg-type]
        found += [f"{width} px, nothing to see: {state}" for state in photograph(page, pictures / f"{width}-{theme}")]
    assert found == []


WIDE = """[...document.querySelectorAll(".state")].filter((each) => each.scrollWidth > each.clientWidth).map((each) => each.id)"""
MOVES = """document.getAnimations().filter(({ playState }) => playState === "running").map(({ effect }) => effect.target.outerHTML)"""
BOXES = """[...document.querySelectorAll(".state")].map((each) => {
  const [whole, fragment] = [each, each.lastElementChild].map((part) => part.getBoundingClientRect());
  return [each.id, whole.top + scrollY, whole.bottom + scrollY, fragment.top + scrollY];
})"""
Box = tuple[str, float, float, float]
TALL = 3000  # of a window that shows many states at once


def photograph(page: Page, folder: Path) -> list[str]:
    """A picture of each state, cut out of pictures of many, which take their time. The states whose fragment is of one colour."""
    folder.mkdir(parents=True, exist_ok=True)
    page.set_viewport_size({"width": page.evaluate("innerWidth"), "height": TALL})
    empty = []
    boxes: list[Box] = page.evaluate(BOXES)
    for states in _in_reach(boxes):
        top = page.evaluate("(top) => { scrollTo(0, top); return scrollY; }", states[0][1])
        with Image.open(io.BytesIO(page.screenshot())) as taken:
            picture = taken.convert("RGB")
        for name, start, end, fragment in states:
            bottom = min(end - top, TALL)
            picture.crop((0, int(start - top), picture.width, int(bottom))).save(folder / f"{name}.webp", method=0)
            seen = picture.crop((0, int(fragment - top), picture.width, int(max(bottom, fragment - top + 1))))
            if seen.getcolors(1) and name not in NOTHING_TO_SEE:
                empty.append(name)
    return empty


def _in_reach(states: list[Box]) -> Iterator[list[Box]]:
    """One after the other, as many as one window has room for; at least one."""
    group: list[Box] = []
    for state in states:
        if group and state[2] - group[0][1] > TALL:
            yield group
            group = []
        group.append(state)
    yield group


def test_what_the_gallery_says_for_the_queue_is_what_its_script_says() -> None:
    script = (ROOT / "static" / "js" / "queue.js").read_text()
    assert [words for words in (writing.WAITS, *writing.ASKS.values()) if f'"{words}"' not in script] == []


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
