"""The road under the SDKs: connections, proxies, what is left behind."""

from __future__ import annotations

import asyncio
import socket
import time
from email.utils import formatdate

import httpx2
import pytest

from providers import exceptions
from providers.adapters import wire
from providers.adapters.errors import bare_error, error_class, parse_retry_after
from providers.config import Endpoint
from providers.tests.asking import answer, ask
from providers.tests.fake_provider import FakeProvider, Reply
from providers.tests.fake_speech import anthropic
from providers.types import Provider, Timeouts


@pytest.fixture(autouse=True)
def quick_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("providers.services.open_stream.BACKOFF_SECONDS", 0.01)


async def test_nobody_picks_up_in_time(fake: FakeProvider, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as full, socket.socket() as first, socket.socket() as second:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        for other in (first, second):  # nobody accepts: the queue is full now
            other.setblocking(False)
            other.connect_ex(full.getsockname())
        monkeypatch.setenv("ANTHROPIC_BASE_URL", f"http://127.0.0.1:{full.getsockname()[1]}")
        with pytest.raises(exceptions.ConnectTimeout, match="did not pick up"):
            await answer(ask("Hi", provider=Provider.ANTHROPIC), Timeouts(connect_seconds=0.2, total_seconds=30))


async def test_an_answer_that_is_not_http(fake: FakeProvider, monkeypatch: pytest.MonkeyPatch) -> None:
    async def mumble(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"mumble mumble\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(mumble, "127.0.0.1", 0) as server:
        monkeypatch.setenv("ANTHROPIC_BASE_URL", f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
        with pytest.raises(exceptions.ConnectionFailed):
            await answer(ask("Hi", provider=Provider.ANTHROPIC))


async def test_an_error_whose_body_is_cut_is_still_that_error(fake: FakeProvider) -> None:
    fake.say(Reply(status=404, body={"type": "error"}, ending="cut"))
    with pytest.raises(exceptions.ModelNotFound):
        await answer(ask("Hi", provider=Provider.ANTHROPIC))


async def test_an_error_in_several_pieces_is_read_whole(fake: FakeProvider) -> None:
    words = "prompt is too long: 300000 tokens"
    fake.say(Reply(status=400, body={"error": {"type": "invalid_request_error", "message": words}}, pause_seconds=0.05))
    with pytest.raises(exceptions.ContextTooLong) as caught:
        await answer(ask("Hi", provider=Provider.ANTHROPIC))
    assert words in caught.value.detail


async def test_an_endless_event_is_malformed(fake: FakeProvider, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("providers.sse.LARGEST_EVENT_BYTES", 1000)
    fake.say(Reply([*anthropic()[:5], b"data: " + b"x" * 5000]))
    with pytest.raises(exceptions.MalformedStream) as caught:
        await answer(ask("Hi", provider=Provider.ANTHROPIC))
    assert "more than" in caught.value.detail


async def test_an_sdk_that_fails_after_the_answer_began_leaves_nothing_open(fake: FakeProvider) -> None:
    endpoint = Endpoint(Provider.OPENAI, fake.url, "k")
    client = wire.build_http_client(endpoint)

    async def stumble() -> None:
        await client.post(fake.url, json={})
        raise RuntimeError("the SDK does not understand itself")

    fake.say(Reply(anthropic()[:2], ending="stall"))
    with pytest.raises(exceptions.BadRequest):
        await wire.place(endpoint, stumble, lambda error: exceptions.BadRequest("x", detail=repr(error)), 1.0)
    await asyncio.wait_for(fake.client_left.wait(), 1)
    await client.aclose()


async def test_an_sdk_that_asks_nobody_is_noticed() -> None:
    async def nothing() -> None: ...

    with pytest.raises(exceptions.MalformedStream):
        await wire.place(Endpoint(Provider.OPENAI, "http://127.0.0.1:9", "k"), nothing, exceptions.BadRequest, 1.0)  # type: ignore[arg-type]


async def test_what_remains_after_the_end_is_read_in_the_background_or_given_up(
    fake: FakeProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "_DRAIN_SECONDS", 0.1)
    fake.say(Reply(anthropic(), ending="stall"))
    await asyncio.wait_for(answer(ask("Hi", provider=Provider.ANTHROPIC)), 2)
    await asyncio.wait_for(fake.client_left.wait(), 2)


async def test_a_client_outside_a_call_reads_bodies_as_usual(fake: FakeProvider) -> None:
    fake.say(Reply(status=418, body={"tea": True}))
    async with wire.build_http_client(Endpoint(Provider.OPENAI, fake.url, "k")) as client:
        response: httpx2.Response = await client.get(fake.url)
    assert (response.status_code, response.json()) == (418, {"tea": True})


def test_proxies_of_the_environment_are_used_but_never_for_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "http://proxy.example:3128")
    monkeypatch.setenv("http_proxy", "http://proxy.example:3128")
    monkeypatch.setenv("no_proxy", "inside.example")
    assert wire.proxy_for("https://api.example/v1") == "http://proxy.example:3128"
    assert wire.proxy_for("https://inside.example/v1") is None
    assert wire.proxy_for("http://127.0.0.1:8000") is None
    monkeypatch.delenv("https_proxy")
    assert wire.proxy_for("https://api.example/v1") is None


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "12"}, 12.0),
        ({"retry-after": "0.5"}, 0.5),
        ({"retry-after-ms": "250", "retry-after": "9"}, 0.25),
        ({"retry-after": "-3"}, None),
        ({"retry-after": "inf"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}, 0.0),
    ],
)
def test_retry_after_in_all_its_forms(headers: dict[str, str], seconds: float | None) -> None:
    assert parse_retry_after(headers) == seconds


def test_retry_after_as_a_date_to_come() -> None:
    wait = parse_retry_after({"retry-after": formatdate(time.time() + 30, usegmt=True)})
    assert wait is not None
    assert 28 <= wait <= 30


def test_a_status_without_words() -> None:
    assert error_class(418) is exceptions.BadRequest
    assert error_class(507) is exceptions.ServerError
    assert error_class(413) is exceptions.ContextTooLong


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"7", b'{"error":7}', b'{"ok":true}'])
def test_what_is_no_error_object(body: bytes) -> None:
    assert bare_error(body) is None
