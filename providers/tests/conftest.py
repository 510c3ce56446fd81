"""Every test here starts without keys, without the network, and with a catalogue that is read anew."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator

import pytest

from providers.selectors.catalogue import forget_catalogue
from providers.services.engines import aclose_engines, warm_up
from providers.tests.fake_provider import FakeProvider

_PREFIXES = ("ANTHROPIC_", "OPENAI_", "GEMINI_", "GOOGLE_", "LOCAL_MODEL", "SCRIPTED_", "DEFAULT_MODEL")


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in list(os.environ):
        if name.startswith(_PREFIXES):
            monkeypatch.delenv(name)
    monkeypatch.setenv("PROVIDERS_NETWORK", "forbid")
    monkeypatch.setenv("SCRIPTED_DELAY_MS", "0")
    forget_catalogue()
    yield
    forget_catalogue()


@pytest.fixture
async def engines() -> AsyncIterator[None]:
    """Engines of the test's own loop, closed at its end."""
    yield
    await aclose_engines()


@pytest.fixture
async def fake(monkeypatch: pytest.MonkeyPatch, engines: None) -> AsyncIterator[FakeProvider]:
    """A fake provider that every adapter is pointed at."""
    async with FakeProvider() as server:
        point_everything_at(monkeypatch, dict.fromkeys(("ANTHROPIC", "OPENAI", "GEMINI", "OPENAI_COMPATIBLE", "LOCAL"), server.url))
        warm_up()
        yield server
        await aclose_engines()


def point_everything_at(monkeypatch: pytest.MonkeyPatch, urls: dict[str, str]) -> None:
    """Set key and address of every provider; keys are made up."""
    for name in ("ANTHROPIC", "OPENAI", "GEMINI"):
        monkeypatch.setenv(f"{name}_API_KEY", f"key-of-{name.lower()}")
        monkeypatch.setenv(f"{name}_BASE_URL", urls[name])
    monkeypatch.setenv("OPENAI_COMPATIBLE_BASE_URL", urls["OPENAI_COMPATIBLE"])
    monkeypatch.setenv("OPENAI_COMPATIBLE_MODELS", "model")
    monkeypatch.setenv("LOCAL_MODEL_URL", urls["LOCAL"])
