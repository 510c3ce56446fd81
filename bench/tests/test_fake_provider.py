"""The fake provider: known answers at an exact pace, and honest times."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from typing import Any

import aiohttp
import orjson
import pytest

from bench.kit.answers import SEEDS, ends_of, text_of, tokens_of
from bench.kit.fake_provider import marker
from bench.kit.load import ask_provider
from bench.kit.stack import FakeProvider

RATE, DELAY = 200.0, 0.05


@pytest.fixture(scope="module")
def provider() -> Iterator[FakeProvider]:
    started = FakeProvider(RATE, DELAY)
    yield started
    started.stop()


async def chunks(provider: FakeProvider, question: str) -> AsyncIterator[dict[str, Any]]:
    body = {"model": "bench", "stream": True, "messages": [{"role": "user", "content": question}]}
    async with aiohttp.ClientSession() as session, session.post(f"{provider.url}/chat/completions", json=body) as response:
        async for line in response.content:
            if line.startswith(b"data: {"):
                yield orjson.loads(line[6:])


async def text_and_usage(provider: FakeProvider, question: str) -> tuple[str, dict[str, Any]]:
    text = ""
    usage: dict[str, Any] = {}
    async for chunk in chunks(provider, question):
        text += "".join(choice["delta"].get("content", "") for choice in chunk["choices"])
        usage = chunk["usage"] or usage
    return text, usage


@pytest.mark.parametrize("seed", range(SEEDS))
async def test_an_answer_is_the_text_that_its_seed_stands_for(provider: FakeProvider, seed: int) -> None:
    text, usage = await text_and_usage(provider, f"Hello {marker(f'text-{seed}', seed, 60)}")
    assert text == text_of(seed, 60)
    assert usage["completion_tokens"] == 60


async def test_fifty_streams_keep_the_pace_and_tell_their_times(provider: FakeProvider) -> None:
    began = time.time_ns()
    questions = [f"Hello {marker(f'pace-{number}', number, 40)}" for number in range(50)]
    answers = await asyncio.gather(*(text_and_usage(provider, question) for question in questions))
    ended = time.time_ns()

    assert [text for text, _ in answers] == [text_of(number % SEEDS, 40) for number in range(50)]
    records = orjson.loads(await ask_provider(provider.port, "/_records"))["records"]
    for number in range(50):
        received, first, last, sent = records[f"pace-{number}"]
        assert began <= received < first < last <= ended
        assert first - received >= DELAY * 1e9
        assert sent == 40
        # 39 intervals after the first token: never faster, whatever else the machine does.
        assert last - first > 38 / RATE * 1e9 - (first - received)


async def test_a_request_for_a_title_gets_a_title_at_once(provider: FakeProvider) -> None:
    text, _ = await text_and_usage(provider, "Name this conversation in at most six words.")
    assert text == "A short title"


async def test_records_can_be_reset(provider: FakeProvider) -> None:
    await text_and_usage(provider, marker("gone", 1, 1))
    await ask_provider(provider.port, "/_reset")
    assert orjson.loads(await ask_provider(provider.port, "/_records"))["records"] == {}


def test_ends_tell_how_many_characters_belong_to_so_many_tokens() -> None:
    ends = ends_of(3, 50)
    assert ends[-1] == len(text_of(3, 50))
    assert text_of(3, 50)[: ends[9]] == "".join(tokens_of(3, 50)[:10])
