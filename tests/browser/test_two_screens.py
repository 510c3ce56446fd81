"""Two browsers of one account show the same, whatever is done in them, and the same as a page that is loaded anew."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest

from tests.browser.person import PASSWORD, SECONDS, Chat, Person
from tests.browser.screens import Screens, bodies_after_reload
from tests.browser.seed import seed
from tests.stack import Stack

# `SCREENS_OPERATIONS=300` for a long look; the everyday run is shorter.
OPERATIONS = int(os.environ.get("SCREENS_OPERATIONS", "25"))
LOOK_EVERY = 10


@pytest.mark.parametrize("number", range(int(os.environ.get("SCREENS_SEEDS", "1"))))
def test_two_screens_show_the_same_after_random_operations(sign_up: Callable[..., Person], stack: Stack, number: int) -> None:
    person = sign_up()
    seed(stack, person, conversations=4)
    person.chat.page.goto("/c/")
    person.chat.ask("[[say:hello]]")
    person.chat.wait_connected()
    second = _second_browser(person)
    screens = Screens((person.chat, second), seed=20261123 + number)
    for count in range(1, OPERATIONS + 1):
        screens.act()
        if count % LOOK_EVERY == 0:
            screens.settle()
    screens.settle()
    assert len(screens.done) > OPERATIONS // 2, f"too little was done: {screens.done}"
    assert bodies_after_reload(person.chat) == person.chat.bodies()[-20:]
    assert stack.manage("audit_ledger")
    second.page.context.close()


def _second_browser(person: Person) -> Chat:
    """The same account, signed in a second time, elsewhere."""
    browser = person.context.browser
    assert browser is not None
    context = browser.new_context(base_url=person.chat.page.url.split("/c/")[0], viewport={"width": 1280, "height": 800})
    context.set_default_timeout(SECONDS)
    page = context.new_page()
    page.on("pageerror", lambda error: person.complaints.append(str(error)))
    page.goto("/accounts/login/")
    page.get_by_label("Email").fill(person.email)
    page.locator("input[type=password]").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/c/**")
    page.goto(person.chat.page.url)
    chat = Chat(page)
    chat.wait_connected()
    return chat
