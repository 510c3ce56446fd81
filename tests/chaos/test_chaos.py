"""What nobody wishes: processes and servers end without a word, in the middle of an answer."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

import pytest

from conversations.rendering import render
from providers.adapters.scripted.script import long_answer
from tests.chaos.conftest import House
from tests.page import Person, Tab

pytestmark = [pytest.mark.chaos, pytest.mark.xdist_group("chaos")]
LONG = "Go on [[long:150]] [[slow:30]]"
WHOLE = long_answer(150)


async def eventually(holds: Callable[[], object], what: str, seconds: float = 60) -> float:
    """Wait until the condition holds; how long that took."""
    began = time.monotonic()
    while not holds():
        assert time.monotonic() - began < seconds, f"waited {seconds:.0f} s for {what}"
        await asyncio.sleep(0.02)
    return time.monotonic() - began


async def shows_the_whole(tab: Tab, text: str = WHOLE) -> None:
    """The tab's last answer is complete, and the page after a reload has the same bytes."""
    assert tab.last.status == "completed", tab.last.source
    assert tab.last.body == render(text)
    shown = tab.last.body
    await tab.load()
    assert tab.last.body == shown


async def test_the_web_process_is_killed_in_mid_stream(house: House, person: Person) -> None:
    async with Tab(person, await person.begin(LONG)) as tab:
        await tab.until_text(60)
        house.stack.kill("web")
        killed_at, connects = tab.last.offset, tab.connects
        await asyncio.to_thread(house.stack.start_process, "web")
        await tab.until(lambda: tab.connects > connects, "the page to reconnect")
        await tab.until_ended()
        assert tab.last.offset > killed_at
        await shows_the_whole(tab)
    house.books_are_right()


async def test_the_generations_process_is_killed_in_mid_stream(house: House, person: Person) -> None:
    conversation = await person.begin(LONG)
    async with Tab(person, conversation) as tab:
        await tab.until_text(60)
        house.stack.kill("generations")
        seen, broken = tab.last.offset, tab.last.id
        seconds = await tab.until_ended(45)
        print(f"interrupted {seconds:.1f} s after the kill")
        assert tab.last.status == "interrupted"
        assert seconds < 30
        text = (await person.get(f"/c/{conversation}/m/{broken}/source/")).text
        assert seen <= len(text) < len(WHOLE)
        assert WHOLE.startswith(text)
        assert tab.last.body == render(text)
        assert "Retry" in tab.last.source
        assert house.held(person.email) == 0
        await asyncio.to_thread(house.stack.start_process, "generations")
        assert (await person.post(f"/c/{conversation}/m/{broken}/regenerate/")).status == 200
        await tab.until(lambda: tab.last.id != broken, "another answer")
        await tab.until_ended()
        await shows_the_whole(tab)
    house.books_are_right()


async def test_valkey_is_killed_and_has_forgotten_everything(house: House, person: Person) -> None:
    async with Tab(person, await person.begin(LONG)) as tab, Tab(person, await person.begin("Hello")) as other:
        await other.until_ended()
        await tab.until_text(60)
        async with house.without(house.servers.valkey, without_data=True):
            began = time.monotonic()
            sent = await other.send("Are you there? [[say:I am.]]")
            print(f"sent while Valkey is away: {sent.status} after {time.monotonic() - began:.1f} s")
            kept = sent.status == 200
            assert kept or (sent.status == 503 and "Nothing is lost" in sent.text)
            written = house.written(tab.last.id)
            await eventually(lambda: house.written(tab.last.id) > written, "the answer to go on without Valkey")
        back = time.monotonic()
        await tab.until_ended()
        await shows_the_whole(tab)
        if kept:
            await other.until_ended()
            await shows_the_whole(other, "I am.")
            print(f"what was sent meanwhile was answered {time.monotonic() - back:.1f} s after Valkey was back")
        assert (await other.send("And now? [[say:Still here.]]")).status == 200
        seconds = await other.until_ended()
        await shows_the_whole(other, "Still here.")
        print(f"a new question was answered in {seconds:.1f} s")
        house.stack.wait_ready()
    house.books_are_right()


async def test_valkey_is_killed_and_back_before_anybody_noticed(house: House, person: Person) -> None:
    async with Tab(person, await person.begin(LONG)) as tab:
        for characters in (60, 300):
            await tab.until_text(characters)
            async with house.without(house.servers.valkey, without_data=True):
                pass
        await tab.until_ended()
        await shows_the_whole(tab)
        assert (await tab.send("And now? [[say:Still here.]]")).status == 200
        await tab.until_ended()
        await shows_the_whole(tab, "Still here.")


async def test_postgresql_is_killed(house: House, person: Person) -> None:
    conversation = await person.begin(LONG)
    async with Tab(person, conversation) as tab:
        await tab.until_text(60)
        committed = await person.begin("Keep this. [[say:I did.]]")
        async with house.without(house.servers.postgres):
            shown = tab.last.offset
            await tab.until(lambda: tab.last.offset > shown, "the answer to go on without PostgreSQL")
            for page in (await person.get(f"/c/{conversation}/", htmx=False), await person.ask("Are you there?", conversation)):
                assert page.status == 503
                assert "database does not answer" in page.text
                assert "Nothing is lost" in page.text
        back = time.monotonic()
        await tab.until_ended()
        print(f"the answer was complete {time.monotonic() - back:.1f} s after PostgreSQL was back")
        await shows_the_whole(tab)
        assert (await tab.send("And now? [[say:Still here.]]")).status == 200
        await tab.until_ended()
        await shows_the_whole(tab, "Still here.")
        async with Tab(person, committed) as kept:
            await kept.until_ended()
            await shows_the_whole(kept, "I did.")
            assert "Keep this." in next(iter(kept.articles.values())).body
        house.stack.wait_ready()
    house.books_are_right()
