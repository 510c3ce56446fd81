"""A tab on one conversation: opens the page, listens, repairs what it has missed."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Callable, Coroutine
from types import TracebackType
from typing import Any, Self

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from tests.page.articles import Article, read_articles
from tests.page.person import Answered, Person

_REVISION = re.compile(r'<main[^>]* data-revision="(\d+)"')
_USER = re.compile(r'data-user="([^"]+)"')
RETRY_SECONDS = 0.5
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.25, 2.0
FINAL_CODES = range(4400, 4405)


class Tab:
    """`articles` is what it shows, in order. `closed_with` is the code that ended the socket for good."""

    def __init__(self, person: Person, conversation: str) -> None:
        self.person = person
        self.conversation = conversation
        self.articles: dict[str, Article] = {}
        self.revision = 0
        self.closed_with = 0
        self.connects = self.fetches = self.refreshes = self.deltas = 0
        self.events: list[dict[str, Any]] = []
        self._home = f"/c/{conversation}/"
        self._topics = f"t=conversation:{conversation}"
        self._waiting: dict[str, list[dict[str, Any]]] = {}
        self._refreshing = self._refresh_again = False
        self._changed = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        await self.load()
        self._do(self._listen())
        await self.until(lambda: self.connects, "the socket")
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def load(self) -> None:
        """Open the page (again): everything that is shown comes from it."""
        page = await self.person.get(self._home, htmx=False)
        revision, user = _REVISION.search(page.text), _USER.search(page.text)
        assert page.status == 200, page
        assert revision
        assert user
        self.revision = int(revision[1])
        self._topics = f"t=conversation:{self.conversation}&t=user:{user[1]}"
        self.articles = {article.id: article for article in read_articles(page.text)}

    @property
    def last(self) -> Article:
        return list(self.articles.values())[-1]

    async def until(self, holds: Callable[[], object], what: str, seconds: float = 60) -> float:
        """Wait until the condition holds, looked at after every event; how long that took."""
        began = time.monotonic()
        while not holds():
            for task in self._tasks:
                if task.done() and not task.cancelled() and task.exception():
                    await task
            self._changed.clear()
            left = seconds - (time.monotonic() - began)
            try:
                await asyncio.wait_for(self._changed.wait(), left)
            except TimeoutError:
                raise TimeoutError(f"Waited {seconds:.0f} s for {what}; shown: {self.last}") from None
        return time.monotonic() - began

    async def until_text(self, characters: int) -> None:
        """Wait until the last answer has so many characters, or has ended."""
        await self.until(lambda: self.last.offset >= characters or not self.last.is_live, f"{characters} characters")

    async def send(self, text: str, *, model: str = "scripted:scripted") -> Answered:
        """Send from this tab; what comes back is placed as the composer does."""
        answer = await self.person.ask(text, self.conversation, model=model)
        if answer.status == 200:
            placed = [self._place(article, article.attributes["data-parent"]) for article in read_articles(answer.text)]
            if answer.revision > self.revision + 1 or not all(placed):
                self._do(self._refresh())
            else:
                self.revision = max(self.revision, answer.revision)
        return answer

    async def until_ended(self, seconds: float = 60) -> float:
        return await self.until(lambda: self.last.role == "assistant" and not self.last.is_live, "the end of the answer", seconds)

    # --- the socket -----------------------------------------------------------------------------------------------

    async def _listen(self) -> None:
        pause = FIRST_PAUSE_SECONDS
        url = f"{self.person.url.replace('http', 'ws', 1)}/ws/?{self._topics}"
        while True:
            cookie = "; ".join(f"{name}={value}" for name, value in self.person.cookies.items())
            try:
                async with connect(url, origin=self.person.url, additional_headers={"Cookie": cookie}, proxy=None) as socket:  # type: ignore[arg-type]
                    async for message in socket:
                        pause = FIRST_PAUSE_SECONDS
                        self._hear(json.loads(message))
                    code = socket.close_code or 1006
            except ConnectionClosed as closed:
                code = closed.rcvd.code if closed.rcvd else 1006
            except (InvalidHandshake, OSError):
                code = 1006
            if code in FINAL_CODES:
                self.closed_with = code
                self._changed.set()
                return
            await asyncio.sleep(pause)  # the page's own patience
            pause = min(2 * pause, LONGEST_PAUSE_SECONDS)

    def _hear(self, event: dict[str, Any]) -> None:
        self.events.append(event)
        handler = getattr(self, f"_on_{event['type'].replace('-', '_')}", None)
        if handler is not None:
            handler(event)
        self._changed.set()

    def _on_state(self, event: dict[str, Any]) -> None:
        self.connects += 1
        self._do(self._reconcile(event))

    async def _reconcile(self, event: dict[str, Any]) -> None:
        if event["revision"] != self.revision:
            await self._refresh()
        running = {live["message"]: live for live in event["live"]}
        for message, live in running.items():
            shown = self.articles.get(message)
            if shown and (live["offset"] > shown.offset or live["thought"] > shown.thought):
                self._fetch(message)
        for article in list(self.articles.values()):
            if article.is_live and article.id not in running:
                self._fetch(article.id)

    def _on_delta(self, event: dict[str, Any]) -> None:
        self.deltas += 1
        article, waiting = self.articles.get(event["message"]), self._waiting.get(event["message"])
        if article is None:
            self._do(self._refresh())
        elif waiting is not None:
            waiting.append(event)
        elif not article.grow(event):
            self._fetch(article.id)

    def _on_message(self, event: dict[str, Any]) -> None:
        if event["revision"] < self.revision or (event["revision"] == self.revision and event["message"] in self.articles):
            return
        if event["revision"] <= self.revision + 1 and self._place(read_articles(event["html"])[0], event["parent"]):
            self.revision = event["revision"]
        else:
            self._do(self._refresh())

    def _on_changed(self, event: dict[str, Any]) -> None:
        if event["revision"] > self.revision:
            self._do(self._refresh())

    def _on_title(self, event: dict[str, Any]) -> None:
        if event["revision"] > self.revision + 1:
            self._do(self._refresh())
        else:
            self.revision = max(self.revision, event["revision"])

    # --- what is fetched ------------------------------------------------------------------------------------------

    async def _refresh(self) -> None:
        if self._refreshing:
            self._refresh_again = True
            return
        self._refreshing = True
        try:
            while True:
                self._refresh_again = False
                self.refreshes += 1
                answer = await self.person.get(f"{self._home}log/")
                if answer.status >= 500:
                    await asyncio.sleep(RETRY_SECONDS)
                elif answer.status != 200 or (answer.revision >= self.revision and not self._refresh_again):
                    break
        except OSError:
            return  # without a connection the next state event repairs it
        finally:
            self._refreshing = False
        if answer.status == 200:
            self._merge(read_articles(answer.text), answer.revision)

    def _merge(self, fresh: list[Article], revision: int) -> None:
        shown = self.articles
        older = list(shown)[: list(shown).index(fresh[0].id)] if fresh and fresh[0].id in shown else []
        kept = {
            article.id: shown[article.id] for article in fresh if article.id in shown and not article.knows_more_than(shown[article.id])
        }
        self.articles = {identifier: shown[identifier] for identifier in older} | {a.id: kept.get(a.id, a) for a in fresh}
        self.revision = revision
        self._changed.set()

    def _fetch(self, message: str) -> None:
        if message not in self._waiting:
            self._waiting[message] = []
            self._do(self._fetch_message(message))

    async def _fetch_message(self, message: str) -> None:
        waiting = self._waiting[message]
        self.fetches += 1
        try:
            while (answer := await self.person.get(f"{self._home}m/{message}/")).status >= 500:
                await asyncio.sleep(RETRY_SECONDS)
            shown = self.articles.get(message)
            fresh = read_articles(answer.text)[0] if answer.status == 200 else None
            if shown is not None and fresh is not None and fresh.knows_more_than(shown):
                self.articles[message] = fresh
        except OSError:
            pass  # the next state event repairs it
        finally:
            del self._waiting[message]
            self._changed.set()
        article = self.articles.get(message)
        if article is not None and not all(article.grow(event) for event in waiting):
            self._fetch(message)

    def _place(self, fresh: Article, parent: str) -> bool:
        shown = self.articles.get(fresh.id)
        if shown is None and (list(self.articles)[-1:] or [""])[0] != parent:
            return False
        if shown is None or fresh.knows_more_than(shown):
            self.articles[fresh.id] = fresh
        return True

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(lambda done: self._tasks.discard(done) if done.cancelled() or not done.exception() else self._changed.set())
