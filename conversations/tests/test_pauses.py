"""When a model pauses, its pages show every word that it has written, though a long paragraph is not rendered for each of them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from conversations.rendering import render
from conversations.runner.answer import Answer
from conversations.runner.ticker import Ticker
from conversations.services.claim_generation import Job
from core.ids import uuid7
from core.redis import get_async_redis
from usage.types import UnitPrices

LONG = "A paragraph that goes on and on. " * 120
LAST_WORDS = "and ends here"


class Wire:
    """What the pages of an answer hear."""

    def __init__(self) -> None:
        self.answer = Answer(Job(uuid7(), uuid7(), uuid7(), "key", None, UnitPrices()))
        self.ticker = Ticker()
        self.tail = ""
        self.events = 0

    async def listen(self) -> AsyncIterator[dict[str, Any]]:
        async with get_async_redis().pubsub() as pubsub:
            await pubsub.subscribe(self.answer._channel)
            async for message in pubsub.listen():
                if message["type"] == "subscribe":
                    self.write(LONG)
                else:
                    yield json.loads(message["data"])

    def write(self, text: str) -> None:
        self.answer.add_text(text)
        self.ticker.mark(self.answer)


@pytest.mark.asyncio
async def test_a_pause_brings_the_page_level_once() -> None:
    wire = Wire()
    async with asyncio.timeout(20):
        async for event in wire.listen():
            wire.tail = event.get("tail", wire.tail)
            wire.events += 1
            if wire.events == 1:
                assert wire.tail == render(LONG)
                wire.write(LAST_WORDS)
            elif wire.events == 2:
                assert LAST_WORDS not in wire.tail, "it was worth a rendering: the paragraph must be longer"
                assert wire.answer.page_lags
            else:
                assert (event["from"], event["to"]) == (len(LONG + LAST_WORDS),) * 2
                break
    assert wire.tail == render(LONG + LAST_WORDS)
    assert not wire.answer.page_lags
    assert wire.answer.take_commands() == []


@pytest.mark.asyncio
async def test_an_answer_that_has_ended_is_not_told_again() -> None:
    wire = Wire()
    told: list[dict[str, Any]] = []
    async with asyncio.timeout(20):
        async for event in wire.listen():
            told.append(event)
            if len(told) == 1:
                wire.write(LAST_WORDS)
                await wire.ticker.flush(wire.answer)
            if len(told) == 2:
                break
    assert wire.answer.page_lags
    assert wire.ticker._pauses == {}
