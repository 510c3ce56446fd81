"""Every test here starts without keys, without the network, and with a catalogue that is read anew."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator

import pytest

from providers.selectors.catalogue import forget_catalogue
from providers.services.engines import aclose_engines

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
