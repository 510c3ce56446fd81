"""Everything that matters works by plain forms."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.person import Chat, Person
from tests.stack import Stack, wait_until


@pytest.fixture
def chat(sign_up: Callable[..., Person]) -> Chat:
    return sign_up(java_script_enabled=False).chat


def _reload_until(chat: Chat, status: str) -> None:
    def there() -> bool:
        chat.page.reload()
        return chat.answer.get_attribute("data-status") == status

    wait_until(there, f"an answer that is {status}", 20)


def _press(chat: Chat, name: str) -> None:
    with chat.page.expect_navigation():
        chat.button(name).click()


def test_ask_read_and_ask_again(chat: Chat) -> None:
    chat.send("first [[say:the *first* answer]]")
    expect(chat.page).to_have_url(re.compile(r"/c/[0-9a-f-]{36}/#m-"))
    _reload_until(chat, "completed")
    expect(chat.body()).to_have_text("the first answer")
    chat.send("second [[say:the second answer]]")
    _reload_until(chat, "completed")
    expect(chat.articles).to_have_count(4)
    expect(chat.body()).to_have_text("the second answer")


def test_stop(chat: Chat) -> None:
    chat.send("[[slow:50]] [[long:400]]")
    _reload_until(chat, "running")
    expect(chat.page.get_by_role("link", name="Reload to see more")).to_be_visible()
    _press(chat, "Stop")
    _reload_until(chat, "stopped")
    expect(chat.button("Send")).to_be_visible()


def test_regenerate_and_switch_versions(chat: Chat) -> None:
    chat.send("again and again")
    _reload_until(chat, "completed")
    _press(chat, "Regenerate")
    _reload_until(chat, "completed")
    expect(chat.answer.locator(".versions")).to_contain_text("2/2")
    _press(chat, "Previous version")
    expect(chat.answer.locator(".versions")).to_contain_text("1/2")


def test_a_refusal_comes_with_the_text_still_in_the_composer(chat: Chat) -> None:
    chat.message.evaluate("e => e.removeAttribute('required')")
    chat.send("   ")
    expect(chat.page.get_by_role("alert")).to_contain_text("Write something first.")


def test_rename_delete_and_undo(chat: Chat) -> None:
    chat.send("a name to be [[say:yes]]")
    _reload_until(chat, "completed")
    address = chat.page.url
    chat.page.locator("header").get_by_role("button", name="Options").click()
    chat.page.get_by_role("textbox", name="Name").fill("Quite another name")
    chat.button("Rename").click()
    expect(chat.page.get_by_role("heading", level=1)).to_have_text("Quite another name")
    expect(chat.rows.first).to_contain_text("Quite another name")
    chat.page.locator("header").get_by_role("button", name="Options").click()
    chat.button("Delete").click()
    expect(chat.page.get_by_role("status").first).to_contain_text("“Quite another name” was deleted.")
    expect(chat.rows).to_have_count(0)
    chat.button("Undo").click()
    expect(chat.page).to_have_url(address.split("#")[0])
    expect(chat.articles).to_have_count(2)


def test_older_messages_and_older_conversations(sign_up: Callable[..., Person], stack: Stack) -> None:
    person = sign_up(java_script_enabled=False)
    fill(stack, person, conversations=35, messages=70)
    chat = person.chat
    chat.page.reload()
    expect(chat.rows.get_by_role("link")).to_have_count(31)  # thirty, and the way to the others
    chat.rows.first.get_by_role("link").click()
    expect(chat.articles).to_have_count(30)
    chat.page.get_by_role("link", name="Show earlier messages").click()
    expect(chat.articles).to_have_count(30)
    expect(chat.body(chat.articles.first)).to_have_text("message 11")
    chat.page.get_by_role("link", name="Show earlier messages").click()
    expect(chat.articles).to_have_count(10)
    chat.page.get_by_role("link", name="Back to the conversation").click()
    chat.page.get_by_role("link", name="Show more").click()
    expect(chat.page.get_by_role("heading", level=1)).to_have_text("Earlier conversations")
    expect(chat.page.get_by_role("link", name="conversation 35")).to_be_visible()


def test_sign_out(chat: Chat) -> None:
    chat.page.locator("details.account summary").click()
    chat.button("Sign out").click()
    expect(chat.page.get_by_role("link", name="Sign in").first).to_be_visible()


def fill(stack: Stack, person: Person, *, conversations: int, messages: int) -> None:
    """Conversations 1 (the newest) to n; the newest has that many messages, numbered from 1."""
    stack.manage("shell", "-c", _FILL.format(email=person.email, conversations=conversations, messages=messages))


_FILL = """
from datetime import timedelta
from django.utils import timezone
from accounts.models import User
from conversations.models import Conversation, Message
user = User.objects.get(email="{email}")
workspace_id = user.memberships.first().workspace_id
now = timezone.now()
made = [
    Conversation(owner=user, workspace_id=workspace_id, title=f"conversation {{n}}", last_activity_at=now - timedelta(hours=9 * n))
    for n in range(1, {conversations} + 1)
]
Conversation.objects.bulk_create(made)
parent = None
for n in range(1, {messages} + 1):
    role = "user" if n % 2 else "assistant"
    text = f"message {{n}}"
    parent = Message.objects.create(conversation=made[0], workspace_id=workspace_id, parent=parent, role=role, text=text)
Conversation.objects.filter(id=made[0].id).update(active_leaf=parent)
"""
