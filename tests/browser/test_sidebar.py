"""The list of conversations."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.person import Chat, Person
from tests.browser.seed import seed
from tests.stack import Stack


def test_it_loads_as_one_scrolls_grouped_by_date(person: Person, stack: Stack) -> None:
    seed(stack, person, conversations=75)
    chat = person.chat
    chat.page.reload()
    links = chat.rows.get_by_role("link", name="conversation")
    expect(links).to_have_count(30)
    for count in (60, 75):
        links.last.scroll_into_view_if_needed()
        expect(links).to_have_count(count)
    names = links.all_inner_texts()
    assert [name.strip() for name in names] == [f"conversation {n}" for n in range(1, 76)]
    headings = chat.page.locator("#conversations li[data-heading]").evaluate_all("all => all.map(one => one.dataset.heading)")
    assert [heading for heading in headings if heading != "Today"] == ["Yesterday", "Last 7 days", "Last 30 days"]


def test_the_filter_shows_what_has_the_words_in_its_name(person: Person, stack: Stack) -> None:
    seed(stack, person, conversations=12)
    chat = person.chat
    chat.page.reload()
    search = chat.page.get_by_role("searchbox", name="Search conversations")
    search.fill("ion 12")
    expect(chat.rows).to_have_count(1)
    search.fill("nothing like it")
    expect(chat.rows).to_have_count(0)
    expect(chat.page.get_by_text("No conversation here has this in its name.")).to_be_visible()
    search.fill("")
    expect(chat.rows).to_have_count(12)


def test_every_tab_follows_a_new_conversation_a_running_one_and_a_new_name(person: Person) -> None:
    chat, other = person.chat, person.open("/c/")
    other.wait_connected()
    chat.send("the oldest [[slow:40]] [[long:60]]")
    expect(other.rows).to_have_count(1)
    expect(other.rows.first).to_contain_text("answer running")
    chat.wait_status("completed")
    expect(other.rows.first).not_to_contain_text("answer running")
    third = person.open("/c/")
    third.ask("a newer one [[say:yes]]")
    expect(other.rows.get_by_role("link")).to_have_text([re.compile("a newer one"), re.compile("the oldest")])
    chat.ask("the oldest is the newest again [[say:yes]]")
    expect(other.rows.get_by_role("link")).to_have_text([re.compile("the oldest"), re.compile("a newer one")])
    other.rename("Renamed elsewhere", other.rows.last)
    for tab in (chat, other, third):
        expect(tab.rows.last).to_contain_text("Renamed elsewhere")
    expect(third.page.get_by_role("heading", level=1)).to_have_text("Renamed elsewhere")
    expect(third.page).to_have_title(re.compile("^Renamed elsewhere"))


def _deleted_while_two_look(person: Person) -> tuple[Chat, Chat]:
    """The tab in which a conversation was deleted, and another that showed it; both say so."""
    chat = person.chat
    chat.ask("soon gone [[say:yes]]")
    other = person.open(chat.page.url)
    other.wait_connected()
    chat.options().get_by_role("button", name="Delete").click()
    for tab in (chat, other):
        expect(tab.page.get_by_role("alert")).to_contain_text("This conversation was deleted.")
    return chat, other


def test_delete_can_be_undone_and_the_other_tab_says_what_happened(person: Person) -> None:
    chat, other = _deleted_while_two_look(person)
    for tab in (chat, other):
        expect(tab.rows).to_have_count(0)
    expect(other.page.locator("#connection")).to_be_hidden()
    other.page.get_by_role("alert").get_by_role("button", name="Undo").click()
    expect(other.articles).to_have_count(2)
    expect(other.rows).to_have_count(1)
    expect(other.page.get_by_role("alert")).to_have_count(0)


def test_a_tab_that_saw_the_deletion_stays_live_and_comes_back_with_the_conversation(person: Person) -> None:
    chat, other = _deleted_while_two_look(person)
    third = person.open("/c/")
    third.ask("asked meanwhile [[say:yes]]")
    for tab in (chat, other):
        expect(tab.rows).to_have_text([re.compile("asked meanwhile")])
    other.page.get_by_role("alert").get_by_role("button", name="Undo").click()
    for tab in (other, chat):
        expect(tab.message).to_be_visible()
        expect(tab.articles).to_have_count(2)
        expect(tab.rows).to_have_count(2)
        expect(tab.page.get_by_role("alert")).to_have_count(0)
    chat.ask("and on it goes [[say:yes]]")
    expect(other.articles).to_have_count(4)


def test_undo_of_what_came_back_elsewhere_opens_it(person: Person) -> None:
    chat = person.chat
    chat.ask("soon gone [[say:yes]]")
    chat.page.route_web_socket("**/ws/**", lambda _: None)  # this tab hears of nothing
    chat.page.reload()
    other = person.open(chat.page.url)
    chat.options().get_by_role("button", name="Delete").click()
    expect(chat.page.get_by_role("alert")).to_contain_text("This conversation was deleted.")
    other.page.get_by_role("alert").get_by_role("button", name="Undo").click()
    expect(other.message).to_be_visible()
    chat.page.get_by_role("alert").get_by_role("button", name="Undo").click()
    expect(chat.message).to_be_visible()
    expect(chat.articles).to_have_count(2)


def test_several_are_deleted_and_each_toast_can_undo_its_own(person: Person, stack: Stack) -> None:
    seed(stack, person, conversations=4)
    chat = person.chat
    chat.page.reload()
    chat.wait_connected()
    toasts = chat.page.locator("#toasts .toast")
    for number in (1, 2, 3, 4):
        chat.options(chat.rows.first).get_by_role("button", name="Delete").click()
        expect(toasts.last).to_contain_text(f"“conversation {number}” was deleted.")
    expect(toasts).to_have_count(3)  # the oldest has made room
    toasts.filter(has_text="conversation 2").get_by_role("button", name="Undo").click()
    expect(chat.rows).to_have_text([re.compile("conversation 2")])
    expect(toasts).to_contain_text(["“conversation 3”", "“conversation 4”"])
    expect(chat.page).to_have_url(re.compile("/c/$"))


def test_the_meter_says_what_is_left_and_follows_what_is_used(person: Person) -> None:
    chat = person.chat
    meter = chat.page.get_by_role("meter", name="Quota")
    expect(meter).to_be_visible()
    expect(chat.page.locator(".meter")).to_contain_text("100,000 left")
    chat.ask("hello [[say:hello]]")
    expect(chat.page.locator(".meter")).not_to_contain_text("100,000 left")


def test_signing_out_forgets_the_drafts(person: Person) -> None:
    chat = person.chat
    chat.message.fill("nobody else shall read this")
    chat.page.locator("details.account summary").click()
    chat.button("Sign out").click()
    expect(chat.page.get_by_role("link", name="Sign in").first).to_be_visible()
    assert chat.page.evaluate("Object.keys(localStorage)") == []
