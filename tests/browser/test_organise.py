"""Pins, folders, the archive, unread answers: in every tab, and the same as after a reload."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.person import Chat, Person
from tests.browser.seed import seed
from tests.stack import Stack

# The list as one string, without what HTMX and this tab alone have put there.
_LIST = """() => {
  const copy = document.getElementById("conversations").cloneNode(true);
  for (const one of copy.querySelectorAll("*")) {
    one.removeAttribute("aria-expanded");
    for (const name of [...one.classList]) if (name.startsWith("htmx-")) one.classList.remove(name);
    if (one.getAttribute("class") === "") one.removeAttribute("class");
  }
  return copy.innerHTML.replace(/>\\s+</g, "><").trim();
}"""


@pytest.fixture
def chat(person: Person, stack: Stack) -> Chat:
    """Somebody with conversations 1 (the newest) to 5."""
    seed(stack, person, conversations=5)
    person.chat.page.reload()
    person.chat.wait_connected()
    return person.chat


def row(chat: Chat, name: str) -> Locator:
    return chat.page.locator("#conversations li[data-place]").filter(has=chat.page.get_by_text(name, exact=True))


def headings(chat: Chat) -> list[str]:
    found: list[str] = chat.page.locator("#conversations [data-heading]").evaluate_all("all => all.map(one => one.dataset.heading)")
    return found


def press(chat: Chat, name: str, button: str) -> None:
    chat.options(row(chat, name)).get_by_role("button", name=button, exact=True).click()


def new_folder(chat: Chat, name: str, folder: str) -> None:
    options = chat.options(row(chat, name))
    options.locator("summary", has_text="Move to folder").click()
    options.get_by_role("textbox", name="New folder").fill(folder)
    options.get_by_role("button", name="Create").click()
    expect(chat.page.locator("#conversations .folder", has_text=folder)).to_be_visible()


def folder_options(chat: Chat, folder: str) -> Locator:
    chat.page.locator(".folder summary", has_text=folder).hover()
    chat.button(f"Options for {folder}").click()
    expect(chat.page.locator("#options li").first).to_be_visible()
    return chat.page.locator("#options")


def expect_the_same_after_a_reload(person: Person, chat: Chat) -> None:
    """What the tab shows is what a new tab shows."""
    fresh = person.open(chat.page.url)
    wanted = fresh.page.evaluate(_LIST)
    fresh.page.close()
    chat.page.wait_for_function(f"wanted => ({_LIST})() === wanted", arg=wanted)


def test_what_one_tab_pins_files_and_archives_the_other_shows_as_a_reload_would(person: Person, chat: Chat) -> None:
    other = person.open("/c/")
    other.wait_connected()
    press(chat, "conversation 3", "Pin")
    expect(row(other, "conversation 3")).to_have_attribute("data-place", "pinned")
    expect(other.rows.first).to_contain_text("conversation 3")
    new_folder(chat, "conversation 2", "Work")
    press(chat, "conversation 4", "Archive")
    expect(row(other, "conversation 4")).to_have_count(0)
    other.page.locator(".folder summary").click()
    expect(row(other, "conversation 2")).to_be_visible()
    for tab in (chat, other):
        assert headings(tab)[:2] == ["Pinned", "Folders"]
        expect_the_same_after_a_reload(person, other)
    chat.page.locator("#toasts").get_by_role("button", name="Undo").click()
    expect(row(other, "conversation 4")).to_be_visible()
    press(other, "conversation 3", "Unpin")
    expect(row(chat, "conversation 3")).to_have_attribute("data-place", "")
    expect_the_same_after_a_reload(person, other)


def test_a_folder_stays_open_on_this_device_and_can_be_renamed_and_deleted(person: Person, chat: Chat) -> None:
    new_folder(chat, "conversation 2", "Work")
    chat.page.locator(".folder summary").click()
    expect(row(chat, "conversation 2")).to_be_visible()
    chat.page.reload()
    expect(row(chat, "conversation 2")).to_be_visible()
    folder = chat.page.locator(".folder")
    options = folder_options(chat, "Work")
    options.locator("summary", has_text="Rename").click()
    options.get_by_role("textbox", name="Name").fill("Play")
    options.get_by_role("button", name="Rename").click()
    expect(folder.locator("summary")).to_have_text("Play")
    expect(row(chat, "conversation 2")).to_be_visible()
    folder_options(chat, "Play").get_by_role("button", name="Delete folder").click()
    expect(folder).to_have_count(0)
    expect(row(chat, "conversation 2")).to_have_attribute("data-place", "")
    expect(chat.page.locator("#toasts")).to_contain_text("Its chats are still there.")
    chat.page.locator("#toasts").get_by_role("button", name="Undo").click()
    expect(row(chat, "conversation 2")).to_be_visible()
    expect(folder.locator("summary")).to_have_text("Play")
    chat.page.locator(".folder summary").click()
    expect_the_same_after_a_reload(person, chat)


def test_an_answer_that_ended_elsewhere_is_unread_until_it_is_opened(person: Person, chat: Chat) -> None:
    other = person.open("/c/")
    other.wait_connected()
    chat.send("long [[slow:40]] [[long:40]]")
    expect(other.rows.first).to_contain_text("answer running")
    chat.wait_status("running")
    chat.page.goto("/c/")
    for tab in (chat, other):
        expect(tab.rows.first).to_contain_text("unread answer", timeout=20_000)
    expect_the_same_after_a_reload(person, other)
    chat.rows.first.get_by_role("link").click()
    expect(other.rows.first).not_to_contain_text("unread answer")
    chat.ask("seen at once [[say:yes]]")
    expect(chat.page.locator("#conversations [data-unread]")).to_have_count(0)


def test_a_name_by_a_model_replaces_ones_own_when_asked_for(person: Person) -> None:
    chat = person.chat
    chat.ask("bread [[say:Rye and wheat]]")
    chat.rename("Mine")
    heading = chat.page.get_by_role("heading", level=1)
    expect(heading).to_have_text("Mine")
    other = person.open(chat.page.url)
    other.wait_connected()
    chat.options().get_by_role("button", name="Regenerate title").click()
    for tab in (chat, other):
        expect(tab.page.get_by_role("heading", level=1)).to_have_text("Rye and wheat")
        expect(tab.rows.first).to_contain_text("Rye and wheat")
    expect(chat.page.locator("[data-naming]")).to_have_count(0)


@pytest.mark.parametrize("size", [(1280, 800), (390, 844)], ids=["desktop", "phone"])
def test_a_toast_stands_above_the_composer_however_tall_the_draft(person: Person, size: tuple[int, int]) -> None:
    chat = person.chat
    chat.page.set_viewport_size({"width": size[0], "height": size[1]})
    chat.ask("bread [[say:Rye and wheat]]")  # which brings the page of a conversation, and its composer
    chat.options().get_by_role("button", name="Archive").click()
    toast = chat.page.locator("#toasts .toast")
    expect(toast).to_contain_text("was archived")
    for lines in (1, 30, 8):
        chat.message.fill("\n".join(["a line"] * lines))
        chat.page.wait_for_function(_IS_JUST_ABOVE)


# A toast is above the composer, and near it, once it has stopped rising.
_IS_JUST_ABOVE = """() => {
  const [composer, toast] = ["#composer", ".toast"].map((one) => document.querySelector(one).getBoundingClientRect());
  const gap = composer.top - toast.bottom;
  return gap >= 4 && gap < 48;
}"""


def test_a_refused_name_is_forgotten_with_the_next_that_is_taken(person: Person) -> None:
    chat = person.chat
    chat.ask("bread [[say:Rye and wheat]]")
    chat.rename(" ")
    refusal = chat.page.locator("#composer-notice")
    expect(refusal).to_contain_text("A conversation needs a name.")
    chat.rename("Loaves")
    expect(chat.page.get_by_role("heading", level=1)).to_have_text("Loaves")
    expect(refusal).to_be_empty()


def test_what_was_deleted_is_restored_from_its_page_and_the_archive_gives_back(person: Person, chat: Chat) -> None:
    press(chat, "conversation 1", "Delete")
    expect(row(chat, "conversation 1")).to_have_count(0)
    press(chat, "conversation 2", "Archive")
    expect(row(chat, "conversation 2")).to_have_count(0)
    chat.page.get_by_label("Chat list options").click()
    chat.page.get_by_role("link", name="Recently deleted").click()
    chat.page.get_by_role("button", name="Restore conversation 1").click()
    expect(chat.page.get_by_role("heading", name="Nothing was deleted lately")).to_be_visible()
    chat.page.goto("/c/archived/")
    chat.page.get_by_role("checkbox", name="Select conversation 2").check()
    chat.page.get_by_role("button", name="Unarchive").click()
    expect(chat.page.get_by_role("heading", name="Nothing is archived")).to_be_visible()
    expect(chat.page.get_by_role("status").first).to_contain_text("1 chat unarchived.")
    chat.page.goto("/c/")
    for name in ("conversation 1", "conversation 2"):
        expect(row(chat, name)).to_be_visible()


def test_the_arrow_keys_walk_through_the_list(chat: Chat) -> None:
    new_folder(chat, "conversation 3", "Work")
    keys = chat.page.keyboard
    summary = chat.page.locator(".folder summary")
    summary.focus()
    keys.press("Enter")
    expect(row(chat, "conversation 3")).to_be_visible()
    for name in ("conversation 3", "conversation 1", "conversation 2"):
        keys.press("ArrowDown")
        expect(row(chat, name).get_by_role("link")).to_be_focused()
    keys.press("Home")
    expect(summary).to_be_focused()
    keys.press("End")
    expect(row(chat, "conversation 5").get_by_role("link")).to_be_focused()
    keys.press("ArrowUp")
    keys.press("Tab")
    keys.press("Enter")
    expect(chat.page.locator("#options").get_by_role("button", name="Pin")).to_be_focused()
    keys.press("ArrowDown")
    keys.press("End")
    expect(chat.page.locator("#options").get_by_role("button", name="Delete")).to_be_focused()
    keys.press("Escape")
    expect(row(chat, "conversation 4").get_by_role("button")).to_be_focused()
    expect(chat.page.locator("#options")).to_be_hidden()


def test_the_sidebar_is_put_away_and_stays_so_without_a_flash(sign_up: Callable[..., Person]) -> None:
    chat = sign_up().chat
    side = chat.page.locator("#side")
    chat.button("Hide the sidebar").click()
    expect(side).to_be_hidden()
    expect(chat.button("Show the sidebar")).to_be_focused()
    response = chat.page.reload()
    assert response is not None
    assert re.search(r'<div class="app" data-side="closed"', response.text())
    expect(side).to_be_hidden()
    chat.button("Show the sidebar").click()
    expect(side).to_be_visible()
    expect(chat.button("Hide the sidebar")).to_be_focused()
    chat.page.reload()
    expect(side).to_be_visible()
