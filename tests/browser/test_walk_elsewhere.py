"""Somebody else's link, the filters of search and one's own instructions, with the keyboard alone, on a desk and in a narrow window."""

from __future__ import annotations

import json
from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.keys import WIDTHS, Keys
from tests.browser.person import Person
from tests.stack import Stack

_SHARE = """
from accounts.models import User
from accounts.selectors import actor_for
from conversations.models import Conversation
from conversations.reading_types import ShareOptions
from conversations.services.share_conversation import share_conversation
from core.ids import uuid7
import json
user = User.objects.get(email="{email}")
conversation = Conversation.objects.get(owner=user)
print(json.dumps(share_conversation(actor_for(user.pk), conversation.pk, ShareOptions(), uuid7()).token))
"""


@WIDTHS
def test_a_link_of_somebody_else_is_continued_as_ones_own_copy(keys: Keys, sign_up: Callable[..., Person], stack: Stack) -> None:
    other = sign_up()
    other.chat.ask("How long does it rise? [[say:Two hours.]]")
    token = json.loads(stack.manage("shell", "-c", _SHARE.format(email=other.email)).splitlines()[-1])
    keys.page.goto(f"/s/{token}/")
    keys.use("Continue as my copy", "Tab")
    keys.page.wait_for_url("**/c/*/")
    keys.chat.wait_connected()
    expect(keys.chat.articles).to_have_count(2)
    keys.ask("And in the fridge? [[say:Twelve.]]")
    expect(keys.chat.articles).to_have_count(4)
    expect(other.chat.articles).to_have_count(2)


@WIDTHS
def test_search_is_narrowed_by_its_filters(keys: Keys, stack: Stack) -> None:
    page = keys.page
    keys.ask("sourdough of mine [[say:rye of the model]]")
    stack.manage("index_messages")
    page.route("**/js/search.*.js", lambda route: route.abort(), times=1)  # what is typed before it is there comes along too
    keys.press("Control+k")
    expect(page.get_by_role("searchbox", name="Search chats and messages")).to_be_focused()
    keys.type("rye")
    expect(page.get_by_role("alert")).to_contain_text("Press Enter to search on a page of its own.")
    keys.use("Filters", "Tab")
    page.wait_for_url("**/search/?*")
    results = page.get_by_role("region", name="Results")
    expect(results).to_contain_text("rye of the model")
    expect(page.get_by_role("searchbox", name="Search conversations")).to_be_focused()
    while page.evaluate("document.activeElement.name") != "role":
        keys.press("Tab")
    keys.press("ArrowDown")
    expect(page.locator("select[name=role]")).not_to_have_value("")
    keys.use("Search")
    page.wait_for_url("**role=user**")
    expect(results).to_contain_text("1 message.")
    expect(results).to_contain_text("sourdough of mine")


@WIDTHS
def test_instructions_of_ones_own_are_set_and_stay(keys: Keys) -> None:
    page = keys.page
    page.goto("/settings/chat/")
    while page.evaluate("document.activeElement.id") != "id_custom_instructions":
        keys.press("Tab")
    keys.type("Answer in one sentence.")
    keys.use("Save", "Tab")
    expect(page.get_by_role("status").or_(page.locator(".notice")).first).to_be_visible()
    page.reload()
    expect(page.locator("#id_custom_instructions")).to_have_value("Answer in one sentence.")
