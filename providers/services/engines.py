"""One engine for each provider and event loop: its connections are pooled and stay alive between answers."""

from __future__ import annotations

import asyncio
import importlib
from typing import Any
from weakref import WeakKeyDictionary

from providers.config import Endpoint, read_endpoint, require_endpoint
from providers.types import Engine, Provider

_Engines = dict[Endpoint, Engine]
_by_loop: WeakKeyDictionary[asyncio.AbstractEventLoop, _Engines] = WeakKeyDictionary()


def get_engine(provider: Provider) -> Engine:
    """The engine of `provider` for the running loop, made at first use (that imports the SDK: up to some seconds, once).

    When key or address have changed since, a new engine takes over; streams of the old one go on to their end.
    Raises `ProviderDisabled` when the provider is not configured or `PROVIDERS_NETWORK=forbid` forbids its address.
    """
    endpoint = require_endpoint(provider)
    engines = _by_loop.setdefault(asyncio.get_running_loop(), {})
    engine = engines.get(endpoint)
    if engine is None:
        engine = engines[endpoint] = _build(endpoint)
    return engine


async def aclose_engines() -> None:
    """Close every engine of the running loop. Streams that still run break off; call it after they have ended."""
    engines = _by_loop.pop(asyncio.get_running_loop(), {})
    for engine in engines.values():
        await engine.aclose()


def warm_up() -> None:
    """Import the SDK of every configured provider now, so that the first answer need not wait for it. Blocks for a second
    or two: call it at a process's start, before its loop serves anybody."""
    for provider in Provider:
        endpoint = read_endpoint(provider)
        if endpoint is not None:
            _room(provider).warm_up()


def _build(endpoint: Endpoint) -> Engine:
    engine: Engine = _room(endpoint.provider).build_engine(endpoint)
    return engine


def _room(provider: Provider) -> Any:
    """The engine module of an adapter. Imported when first needed, because some of them import an SDK."""
    return importlib.import_module(f"providers.adapters.{provider.value}.engine")
