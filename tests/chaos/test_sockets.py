"""On real processes and real sockets: stop from elsewhere, reload at any moment, and a stranger who listens."""

from __future__ import annotations

import asyncio
import random
import threading
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from conversations.rendering import render
from providers.tests.fake_provider import Reply
from providers.tests.fake_speech import anthropic
from tests.chaos.conftest import House
from tests.page import Person, Tab

pytestmark = [pytest.mark.chaos, pytest.mark.xdist_group("chaos")]
CLAUDE = "anthropic:claude-haiku-5-5"
EVIL = """# A <script>alert(1)</script> heading

| a | b |
|---|---|
| <img src=x onerror=alert(1)> | [x](javascript:alert(1)) |

```python
print("<b>")   # ~~~

x = 1
```

1. one
   - two <iframe
     srcdoc=x>

> quoted ![y](https://evil.example/z) **bold

{more}

[ref]: https://a.example
See [ref] and $x_1 < 2$."""


class Lateness:
    """How late this machine wakes somebody up: what it adds to every measured time while others keep it busy."""

    worst = 0.0


@contextmanager
def lateness() -> Iterator[Lateness]:
    found, done = Lateness(), threading.Event()

    def watch() -> None:
        while True:
            began = time.monotonic()
            if done.wait(0.005):
                return
            found.worst = max(found.worst, time.monotonic() - began - 0.005)

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield found
    finally:
        done.set()
        thread.join()


async def test_stop_from_another_session_ends_the_call_within_300_ms(house: House, person: Person) -> None:
    words = [f"word{number} " for number in range(2000)]
    took = []
    async with await person.again() as elsewhere:
        for _ in range(5):
            house.provider.say(Reply(anthropic(words, start={"input_tokens": 40, "output_tokens": 1}), pause_seconds=0.02))
            conversation = await person.begin("Go on", model=CLAUDE)
            async with Tab(person, conversation) as tab:
                await tab.until_text(50)
                with lateness() as late:
                    asked = time.monotonic()
                    assert (await elsewhere.post(f"/c/{conversation}/m/{tab.last.id}/stop/")).status == 204
                    await asyncio.to_thread(house.provider.wait_until_left)
                    took.append((time.monotonic() - asked, late.worst))
                await tab.until_ended()
                assert tab.last.status == "stopped"
                text = (await person.get(f"/c/{conversation}/m/{tab.last.id}/source/")).text
                assert text
                assert "".join(words).startswith(text)
                assert tab.last.body == render(text)
                assert "about 40 in" in tab.last.source
    print("stop to hang-up:", ", ".join(f"{1000 * seconds:.0f} ms (machine late by {1000 * late:.0f})" for seconds, late in took))
    assert min(seconds for seconds, _ in took) < 0.3
    assert all(seconds < 0.3 + 3 * late for seconds, late in took)
    assert house.held(person.email) == 0
    house.books_are_right()


async def test_tabs_opened_at_any_moment_end_with_the_same_bytes(house: House, person: Person) -> None:
    text = EVIL.replace("{more}", " ".join(f"and *so* on {number}" for number in range(150)))
    conversation = await person.begin(f"[[slow:8]] [[say:{text}]]")
    moments = sorted(random.Random(7).sample(range(len(text)), 6))
    async with AsyncExitStack() as open_tabs:
        tabs = [await open_tabs.enter_async_context(Tab(person, conversation))]
        for moment in moments:
            await tabs[0].until_text(moment)
            began = time.monotonic()
            tab = await open_tabs.enter_async_context(Tab(person, conversation))
            print(f"opened at {tab.last.offset} of {len(text)} characters in {1000 * (time.monotonic() - began):.0f} ms")
            assert "<script" not in tab.last.body
            assert "<img" not in tab.last.body
            tabs.append(tab)
        for tab in tabs:
            await tab.until_ended()
        await tabs[0].load()
        assert {tab.last.body for tab in tabs} == {render(text)}
        assert {tab.refreshes for tab in tabs} == {0}


async def test_a_stranger_hears_nothing(house: House, person: Person) -> None:
    conversation = await person.begin("A secret [[long:60]] [[slow:20]]")
    async with Tab(person, conversation) as tab, Person(house.stack.url) as other:
        await other.sign_up()
        user = (await person.get(f"/c/{conversation}/", htmx=False)).text.partition('data-user="')[2].partition('"')[0]
        address = house.stack.url.replace("http", "ws", 1) + "/ws/?t="
        for topic in (f"conversation:{conversation}", f"user:{user}", f"user:{user}&t=conversation:{conversation}"):
            assert await _heard(address + topic, other, house.stack.url) == ([], 4404)
            assert await _heard(address + topic, None, house.stack.url) == ([], 4401)
            with pytest.raises(InvalidStatus, match="403"):
                await _heard(address + topic, person, "https://evil.example")
        await tab.until_ended()
        assert tab.deltas


async def _heard(address: str, person: Person | None, origin: str) -> tuple[list[str], int]:
    """Everything that this socket is told until it is closed, and the code."""
    cookie = "; ".join(f"{name}={value}" for name, value in (person.cookies if person else {}).items())
    heard: list[str] = []
    async with connect(address, origin=origin, additional_headers={"Cookie": cookie}, proxy=None) as socket:  # type: ignore[arg-type]
        try:
            async for message in socket:
                heard.append(str(message))
        except ConnectionClosed:
            pass
        return heard, socket.close_code or 0
