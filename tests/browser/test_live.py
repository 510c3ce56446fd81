"""Every page shows the same thing, whatever the network does."""

from __future__ import annotations

import itertools
import re

from playwright.sync_api import Page, expect

from tests.browser.person import SECONDS, Chat, Person
from tests.stack import Stack, wait_until


def _reloaded(person: Person, chat: Chat) -> list[str]:
    """The message bodies of a fresh tab on the same conversation."""
    other = person.open(chat.page.url)
    bodies = other.bodies()
    other.page.close()
    return bodies


def test_reload_in_mid_stream_shows_everything_so_far_and_goes_on(person: Person) -> None:
    chat = person.chat
    chat.send("everything [[slow:30]]")
    chat.wait_text("What you can try meanwhile")
    length = len(chat.body().inner_text())
    chat.page.reload()
    assert len(chat.body().inner_text()) >= length
    chat.wait_status("running")
    chat.wait_status("completed")
    assert chat.bodies() == _reloaded(person, chat)


def test_reload_before_the_first_word(person: Person) -> None:
    chat = person.chat
    chat.send("[[wait:1500]] [[say:late but whole]]")
    expect(chat.page).to_have_url(re.compile(r"/c/[0-9a-f-]{36}/$"))
    chat.page.reload()
    chat.wait_text("late but whole")
    chat.wait_status("completed")
    expect(chat.articles).to_have_count(2)


def test_two_tabs_show_the_same_stream_and_either_can_stop_it(person: Person) -> None:
    chat = person.chat
    chat.ask("first [[say:one]]")
    other = person.open(chat.page.url)
    other.wait_connected()
    chat.send("[[slow:40]] [[long:400]]")
    other.wait_status("running")
    other.wait_text("not a model")
    expect(other.articles).to_have_count(4)
    other.button("Stop").click()
    for tab in (chat, other):
        tab.wait_status("stopped")
        expect(tab.answer).to_contain_text("Stopped.")
        expect(tab.button("Send")).to_be_visible()
    assert chat.bodies() == other.bodies() == _reloaded(person, chat)


def test_escape_stops(person: Person) -> None:
    chat = person.chat
    chat.send("[[slow:40]] [[long:400]]")
    chat.wait_status("running")
    chat.page.keyboard.press("Escape")
    chat.wait_status("stopped")
    expect(chat.message).to_be_focused()


def test_reasoning_is_folded_and_streams(person: Person) -> None:
    chat = person.chat
    chat.send("[[think]] [[slow:60]] [[say:The answer is given.]]")
    folded = chat.answer.locator("details.reasoning")
    expect(folded.locator("summary")).to_have_text("Thinking…", use_inner_text=True)
    chat.wait_text("The answer")
    expect(folded.locator("summary")).to_have_text(re.compile("^Thought for [12] seconds?$"), use_inner_text=True)
    chat.wait_status("completed")
    expect(folded.locator("summary")).to_have_text(re.compile("^Thought for [12] seconds?$"))
    told = folded.locator("summary").inner_text()
    chat.page.reload()
    expect(folded.locator("summary")).to_have_text(told)
    expect(folded.locator('[data-part="reasoning"]')).to_be_hidden()
    folded.locator("summary").click()
    expect(folded).to_contain_text("A script has no thoughts, so it looks up its lines.")


def test_lost_reasoning_is_noticed_and_fetched_by_whatever_comes_next(person: Person) -> None:
    chat = person.chat
    chat.wait_connected()
    page = chat.page
    page.evaluate("globalThis.lost = 0")
    _drop(page, "event.type === 'delta' && event.reasoning?.includes('thoughts') && ++globalThis.lost || event.type === 'message'")
    chat.send("[[think]] [[slow:120]] [[say:Every word of the answer is given slowly enough for this.]]")
    shown = chat.answer.locator('[data-part="reasoning"]')
    expect(shown).to_have_text("The person asked something. A script has no thoughts, so it looks up its lines. ")
    assert page.evaluate("globalThis.lost") > 0
    expect(chat.answer).to_have_attribute("data-status", "running")


def test_a_lost_fragment_is_noticed_and_fetched(person: Person) -> None:
    chat = person.chat
    chat.ask("first [[say:one]]")
    _drop_every_third_fragment(chat.page)
    chat.send("everything [[slow:10]]")
    chat.wait_text("A small table")
    chat.wait_status("completed")
    assert chat.bodies() == _reloaded(person, chat)


def test_lost_whole_messages_are_noticed_and_the_log_is_fetched(person: Person) -> None:
    chat = person.chat
    chat.ask("first [[say:one]]")
    other = person.open(chat.page.url)
    other.wait_connected()
    _drop(other.page, "event.type === 'message'")
    chat.ask("second [[say:two]]")
    _drop(other.page, "false")
    chat.ask("third [[say:three]]")
    expect(other.articles).to_have_count(6)
    expect(other.answer).to_have_attribute("data-status", "completed")
    assert other.bodies() == chat.bodies()


def test_regenerate_makes_a_version_and_one_can_go_back_in_both_tabs(person: Person) -> None:
    chat = person.chat
    chat.ask("tell me")
    other = person.open(chat.page.url)
    other.wait_connected()
    chat.button("Regenerate").click()
    for tab in (chat, other):
        expect(tab.answer.locator(".versions")).to_contain_text("2/2", timeout=SECONDS)
        expect(tab.articles).to_have_count(2)
    chat.button("Previous version").click()
    for tab in (chat, other):
        expect(tab.answer.locator(".versions")).to_contain_text("1/2")
    expect(chat.button("Next version")).to_be_focused()


def test_a_failed_answer_says_why_and_can_be_retried(person: Person) -> None:
    chat = person.chat
    chat.send("[[error:auth]]")
    chat.wait_status("failed")
    notice = chat.answer.get_by_role("alert")
    expect(notice).to_contain_text("Nothing was charged.")
    expect(chat.button("Send")).to_be_visible()
    notice.get_by_role("button", name="Retry").click()
    expect(chat.answer.locator(".versions")).to_contain_text("2/2", timeout=SECONDS)
    expect(chat.articles).to_have_count(2)


def test_a_broken_answer_keeps_what_was_written(person: Person) -> None:
    chat = person.chat
    chat.send("[[long:60]] [[break:server_error:20]]")
    chat.wait_status("failed", "interrupted")
    expect(chat.body()).to_contain_text("scripted demo")
    expect(chat.answer.get_by_role("button", name="Retry")).to_be_visible()
    assert chat.bodies() == _reloaded(person, chat)


def test_the_web_process_dies_in_mid_stream_and_the_page_ends_up_whole(person: Person, stack: Stack) -> None:
    chat = person.chat
    chat.send("everything [[slow:30]]")
    chat.wait_text("What you can try meanwhile")
    stack.kill("web")
    expect(chat.page.locator("#connection")).to_contain_text("connection is lost")
    stack.start_process("web")
    chat.wait_status("completed")
    expect(chat.page.locator("#connection")).to_be_hidden()
    assert chat.bodies() == _reloaded(person, chat)


def test_an_orderly_restart_reconnects_too(person: Person, stack: Stack) -> None:
    chat = person.chat
    chat.ask("first [[say:one]]")
    stack.terminate("web")
    stack.start_process("web")
    chat.wait_connected()
    chat.ask("second [[say:two]]")


def test_a_page_without_a_conversation_reconnects_too(person: Person, stack: Stack) -> None:
    chat = person.chat
    chat.wait_connected()
    stack.kill("web")
    expect(chat.page.locator("#connection")).to_contain_text("connection is lost")
    stack.start_process("web")
    expect(chat.page.locator("#connection")).to_be_hidden(timeout=SECONDS)
    chat.ask("first [[say:one]]")


def test_what_was_said_while_the_server_did_not_hear_redis_is_asked_for(person: Person, stack: Stack) -> None:
    """The page's socket stays open meanwhile, and it knows nothing of the loss. Answers are written afterwards too."""
    chat = person.chat
    chat.ask("first [[say:one two three]]")
    names = (f"Unheard {number}." for number in itertools.count())
    rows, name = chat.page.locator("#conversations"), ""

    def unheard() -> bool:
        """What the end of the answer set going (its title, the list) may read the name too: then another."""
        nonlocal name
        name = next(names)
        stack.manage("shell", "-c", _RENAME_UNHEARD.format(email=person.email, name=name))
        chat.page.wait_for_timeout(500)
        return name not in rows.inner_text()

    wait_until(unheard, "a name that the page does not hear of")
    _cut_off_from_redis(stack)
    expect(rows).to_contain_text(name)
    assert not chat.page.locator("#connection").is_visible()
    chat.ask("second [[say:four five six]]")


_RENAME_UNHEARD = """
from conversations.models import Conversation
Conversation.objects.filter(owner__email="{email}").update(title="{name}")
"""


def _cut_off_from_redis(stack: Stack) -> None:
    """Every listener of this stack loses its connection, and makes another."""
    connection = stack.redis()
    own = str(connection.get_connection_kwargs()["db"])
    for client in connection.client_list(_type="pubsub"):
        if client["db"] == own:
            connection.client_kill_filter(_id=client["id"])


def test_offline_is_said_and_what_was_missed_is_there_afterwards(person: Person) -> None:
    chat = person.chat
    chat.ask("first [[say:one]]")
    other = person.open(chat.page.url)
    other.wait_connected()
    person.context.set_offline(True)
    # Again and again, for what is still on its way over the socket, which stays open, says that one is not.
    other.page.evaluate("globalThis.away = setInterval(() => dispatchEvent(new Event('offline')), 300)")
    expect(other.page.locator("#connection")).to_contain_text("offline")
    other.page.evaluate("clearInterval(globalThis.away)")
    person.context.set_offline(False)
    chat.ask("second [[say:two]]")
    other.page.evaluate("dispatchEvent(new Event('online'))")
    expect(other.page.locator("#connection")).to_be_hidden()
    expect(other.articles).to_have_count(4)


def _drop(page: Page, condition: str) -> None:
    """From now on the page does not get the events for which this holds."""
    page.evaluate(
        """condition => {
          const drop = new Function("event", `return ${condition}`);
          globalThis.dropping?.abort();
          globalThis.dropping = new AbortController();
          document.addEventListener("htmx:wsBeforeMessage", message => {
            if (!drop(JSON.parse(message.detail.message))) return;
            message.preventDefault();
            message.stopImmediatePropagation();
          }, { capture: true, signal: globalThis.dropping.signal });
        }""",
        condition,
    )


def _drop_every_third_fragment(page: Page) -> None:
    page.evaluate("globalThis.fragments = 0")
    _drop(page, "event.type === 'delta' && ++globalThis.fragments % 3 === 0")
