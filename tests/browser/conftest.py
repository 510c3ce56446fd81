"""One stack and one browser for all browser tests; everybody gets an account and a browser context of their own."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Playwright, expect, sync_playwright
from playwright.sync_api import Error as PlaywrightError

from tests.browser.contexts import Contexts
from tests.browser.keys import Keys
from tests.browser.person import SECONDS, Person, executable, launch_flags
from tests.stack import Stack

HERE = Path(__file__).parent
_people: list[Person] = []  # of the test that runs
expect.set_options(timeout=SECONDS)  # a loaded machine takes its time; who is quick does not wait


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A test that fails says what the pages of its people showed."""
    report = yield
    if report.failed and call.when == "call":
        for chat in (page for person in _people for page in person.context.pages):
            with contextlib.suppress(PlaywrightError):
                report.sections.append((f"page {chat.url}", chat.locator("body").inner_text(timeout=2000)[:2000]))
    return report


def forget_attempts(stack: Stack) -> None:
    for kind in ("*allauth:rl:*", "rate:*"):
        for key in stack.redis().scan_iter(kind):
            stack.redis().delete(key)


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The product, running; shared by all tests of this session."""
    with Stack(tmp_path_factory.mktemp("stack"), {"SCRIPTED_MODEL": "on", "SCRIPTED_DELAY_MS": "5"}) as running:
        yield running


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=executable(), args=launch_flags())
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def contexts(chromium: Browser) -> Contexts:
    return Contexts(chromium)


@pytest.fixture
def sign_up(contexts: Contexts, stack: Stack) -> Iterator[Callable[..., Person]]:
    """Somebody new, signed up, on the page of a new conversation. Keywords go to the browser context (viewport, theme ...)."""
    _people.clear()
    people = _people

    def make(**options: Any) -> Person:
        # So many sign-ups from one address within a minute are refused, rightly.
        forget_attempts(stack)
        people.append(Person(contexts, stack, **options))
        return people[-1]

    yield make
    for person in people:
        person.leave()


@pytest.fixture
def person(sign_up: Callable[..., Person]) -> Person:
    return sign_up()


@pytest.fixture
def keys(sign_up: Callable[..., Person], width: int) -> Keys:
    """Somebody new without a mouse, in a window of this width."""
    return Keys(sign_up(viewport={"width": width, "height": 844}, reduced_motion="reduce"))


@pytest.fixture
def worker(stack: Stack) -> Iterator[Stack]:
    """The stack, whose worker a test may start; it ends with the test."""
    yield stack
    if "worker" in stack.running:
        stack.terminate("worker")
