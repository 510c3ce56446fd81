"""The road that all HTTP adapters share: the SDK makes the call, we read the bytes.

An SDK knows how to authenticate, address and word a request, and to read an error. What it builds for every token costs more
than the rest of the road (140-265 us an event, measured November 2026). So each SDK gets a `Transport` of ours as its
HTTP client's transport; when a call made under `place` is answered with 200, the transport keeps the response for us
and hands the SDK one without a body. `read` then turns the bytes into events.
"""

from __future__ import annotations

import asyncio
import contextlib
import urllib.request
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextvars import ContextVar
from typing import Any, Protocol
from urllib.parse import urlsplit

import aiohttp
import httpx2

from providers.config import Endpoint, is_loopback
from providers.exceptions import (
    ConnectionFailed,
    ConnectionLost,
    ConnectTimeout,
    MalformedStream,
    ProviderError,
    StreamCut,
)
from providers.pacing import current_pace, join_text
from providers.sse import Splitter
from providers.types import StreamEvent, Usage

MAX_CONNECTIONS = 2000
_KEEP_ALIVE_SECONDS = 60.0
_DRAIN_SECONDS = 2.0
_ERROR_BODY_BYTES = 65_536
_call: ContextVar[Call | None] = ContextVar("providers_call", default=None)
_drains: set[asyncio.Task[None]] = set()


class Call:
    """One call in the making. `response` is set by the transport when the provider agreed."""

    __slots__ = ("connect_seconds", "response")

    def __init__(self, connect_seconds: float) -> None:
        self.connect_seconds = connect_seconds
        self.response: aiohttp.ClientResponse | None = None


class Mapper(Protocol):
    """A room's `mapping_out`: data of server-sent events in, our events out."""

    done: bool  # the terminal event has been seen: what remains on the wire does not matter

    def feed(self, data: bytes) -> Sequence[StreamEvent]:
        """Raises `ProviderError` for an error event, `ValueError`, `KeyError` or `TypeError` for what is not the protocol."""
        ...

    def end(self, rest: bytes) -> Sequence[StreamEvent]:
        """The stream has ended, after `rest` that is no event. Raises `StreamCut` when it should not have."""
        ...


class Transport(httpx2.AsyncBaseTransport):
    """aiohttp under httpx2. One pool of connections; lives in one event loop."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._who = endpoint.name
        self._encrypted = endpoint.base_url.startswith("https:")
        self._proxy = proxy_for(endpoint.base_url)
        self._session: aiohttp.ClientSession | None = None

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        call = _call.get()
        response = await self._send(request, call.connect_seconds if call else 10.0)
        headers = [
            (k, v) for k, v in response.raw_headers if k.lower() not in (b"content-encoding", b"content-length", b"transfer-encoding")
        ]
        if call is not None and response.status == 200:
            call.response = response
            return httpx2.Response(200, headers=headers, content=b"", request=request)
        return httpx2.Response(response.status, headers=headers, content=await _error_body(response), request=request)

    async def aclose(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def _send(self, request: httpx2.Request, connect_seconds: float) -> aiohttp.ClientResponse:
        headers = dict(request.headers)
        headers["accept-encoding"] = "identity"  # a compressed stream is held back until a block is full
        try:
            return await self._pool().request(
                request.method,
                str(request.url),
                headers=headers,
                data=await request.aread() or None,
                allow_redirects=False,
                proxy=self._proxy,
                timeout=aiohttp.ClientTimeout(total=None, connect=connect_seconds, sock_connect=connect_seconds),
            )
        except aiohttp.ServerTimeoutError as error:
            raise ConnectTimeout(self._who, detail=repr(error)) from error
        except aiohttp.ClientConnectorError as error:
            raise ConnectionFailed(self._who, detail=repr(error)) from error
        except (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError, ConnectionError) as error:
            raise ConnectionLost(self._who, detail=repr(error)) from error
        except aiohttp.ClientError as error:
            raise ConnectionFailed(self._who, detail=repr(error)) from error

    def _pool(self) -> aiohttp.ClientSession:
        if self._session is None:
            trust = httpx2.create_ssl_context() if self._encrypted else True  # 25-40 ms, once
            connector = aiohttp.TCPConnector(limit=MAX_CONNECTIONS, keepalive_timeout=_KEEP_ALIVE_SECONDS, ssl=trust)
            self._session = aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())
        return self._session


def build_http_client(endpoint: Endpoint) -> httpx2.AsyncClient:
    """An HTTP client for an SDK: our transport, no redirects, no proxies or keys picked up from elsewhere."""
    return httpx2.AsyncClient(transport=Transport(endpoint), follow_redirects=False, trust_env=False, timeout=None)


async def run(
    endpoint: Endpoint,
    send: Callable[[], Awaitable[object]],
    mapper: Mapper,
    translate: Callable[[Exception], ProviderError],
    connect_seconds: float,
) -> AsyncGenerator[StreamEvent, None]:
    """Make the call with the SDK (`send`), then yield what `mapper` makes of the bytes.

    Closing the generator closes the connection at once, so that the provider stops. After the terminal event the
    connection goes back to the pool. `translate` turns the SDK's error into ours.
    """
    response = await place(endpoint, send, translate, connect_seconds)
    splitter = Splitter()
    pace = current_pace()
    begun = False
    try:
        while True:
            if begun and pace is not None:
                await pace()
            chunk, cut = await _advance(response, endpoint)
            if not chunk and cut is None:
                break
            events, error = _map_all(mapper, _split(splitter, chunk, endpoint), endpoint)
            for event in join_text(events) if pace and len(events) > 1 else events:
                begun = begun or not isinstance(event, Usage)
                yield event
            if error is not None:
                raise error
            if mapper.done:
                return
            if cut is not None:
                raise cut
        for event in mapper.end(splitter.rest()):
            yield event
    finally:
        _leave(response, mapper.done)


async def place(
    endpoint: Endpoint, send: Callable[[], Awaitable[object]], translate: Callable[[Exception], ProviderError], connect_seconds: float
) -> aiohttp.ClientResponse:
    """The response to the one request that `send` makes, its body unread. Raises `ProviderError`."""
    call = Call(connect_seconds)
    token = _call.set(call)
    try:
        await send()
    except BaseException as error:
        if call.response is not None:
            call.response.close()
        if isinstance(error, Exception):
            raise _ours(error) or translate(error) from error
        raise
    finally:
        _call.reset(token)
    response = call.response
    if response is None:
        raise MalformedStream(endpoint.name, detail="the SDK returned without an answer")
    return response


def _split(splitter: Splitter, chunk: bytes, endpoint: Endpoint) -> list[bytes]:
    try:
        return splitter.feed(chunk)
    except ValueError as error:
        raise MalformedStream(endpoint.name, detail=str(error)) from error


def _map_all(mapper: Mapper, pieces: Sequence[bytes], endpoint: Endpoint) -> tuple[Sequence[StreamEvent], ProviderError | None]:
    """The events of one read, and the error that ended them, which comes after them."""
    if len(pieces) == 1:
        return _map(mapper, pieces[0], endpoint), None
    events: list[StreamEvent] = []
    try:
        for piece in pieces:
            events.extend(_map(mapper, piece, endpoint))
    except ProviderError as error:
        return events, error
    return events, None


def _map(mapper: Mapper, data: bytes, endpoint: Endpoint) -> Sequence[StreamEvent]:
    try:
        return mapper.feed(data)
    except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise MalformedStream(endpoint.name, detail=f"{error!r} in {data[:200]!r}") from error


def _ours(error: BaseException | None) -> ProviderError | None:
    """The error of our transport inside what an SDK made of it."""
    while error is not None:
        if isinstance(error, ProviderError):
            return error
        error = error.__cause__ or error.__context__
    return None


async def _advance(response: aiohttp.ClientResponse, endpoint: Endpoint) -> tuple[bytes, StreamCut | None]:
    """What has arrived, and the error when the connection broke after it. Nothing and no error: the end."""
    content = response.content
    try:
        return await content.readany(), None
    except (aiohttp.ClientError, OSError) as error:
        content.set_exception(None)  # type: ignore[arg-type]  # while aiohttp has the error to tell it gives nothing out
        return content.read_nowait(), StreamCut(endpoint.name, detail=repr(error))


def _leave(response: aiohttp.ClientResponse, complete: bool) -> None:
    """Close the connection, or, after a complete answer, read the few bytes that are left so that it can be used again."""
    if not complete:
        response.close()
    elif not response.content.at_eof():
        task = asyncio.ensure_future(_drain(response))
        _drains.add(task)
        task.add_done_callback(_drains.discard)


async def _error_body(response: aiohttp.ClientResponse) -> bytes:
    """The body of an error, as much as came and as is sensible; the connection is closed."""
    body = b""
    try:
        while len(body) < _ERROR_BODY_BYTES and (chunk := await response.content.readany()):
            body += chunk
    except (aiohttp.ClientError, OSError):
        pass  # the status says enough
    finally:
        response.close()
    return body


async def _drain(response: aiohttp.ClientResponse) -> None:
    with contextlib.suppress(aiohttp.ClientError, OSError, TimeoutError):
        async with asyncio.timeout(_DRAIN_SECONDS):
            while await response.content.readany():
                pass
            return
    response.close()


def proxy_for(url: str) -> str | None:
    """The proxy that the environment names for this address, if any. Loopback is never proxied."""
    parts = urlsplit(url)
    if is_loopback(url) or urllib.request.proxy_bypass(parts.hostname or ""):
        return None
    proxies: dict[str, Any] = urllib.request.getproxies()
    return proxies.get(parts.scheme)
