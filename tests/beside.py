"""The fake provider beside a test, on a loop of its own, so that it serves whatever the test waits for."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from providers.tests.fake_provider import FakeProvider, Reply

T = TypeVar("T")


class Provider:
    """`say` what it answers next; `wait_until_left` for a client that hangs up in the middle of an answer."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self.fake = FakeProvider()

    @property
    def url(self) -> str:
        return self.fake.url

    def say(self, *replies: Reply) -> None:
        """Forget what was to be said; say these, the last one again and again."""

        async def replace() -> None:
            self.fake._replies.clear()
            self.fake.requests.clear()
            self.fake.client_left.clear()
            self.fake.say(*replies)

        self.do(replace())

    def wait_until_left(self, seconds: float = 10) -> None:
        self.do(asyncio.wait_for(self.fake.client_left.wait(), seconds))

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()


@contextmanager
def provider_beside() -> Iterator[Provider]:
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="fake-provider")
    thread.start()
    provider = Provider(loop)
    provider.do(provider.fake.__aenter__())
    try:
        yield provider
    finally:
        provider.do(provider.fake.__aexit__())
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
