"""Keys come from the environment or from files, and are never shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from providers import config
from providers.exceptions import ProviderDisabled
from providers.services.engines import warm_up
from providers.types import Provider


def test_a_key_is_not_in_the_representation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-very-secret")
    endpoint = config.read_endpoint(Provider.OPENAI)
    assert endpoint is not None
    assert endpoint.api_key == "sk-very-secret"
    assert "secret" not in repr(endpoint)
    assert endpoint.base_url == "https://api.openai.com/v1"


def test_a_secret_file_that_cannot_be_read_switches_its_provider_off(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GEMINI_API_KEY_FILE", str(tmp_path / "missing"))
    assert config.read_endpoint(Provider.GEMINI) is None
    with pytest.raises(ProviderDisabled, match="Google Gemini is not switched on"):
        config.require_endpoint(Provider.GEMINI)


def test_the_own_server_needs_an_address_and_models(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_COMPATIBLE_BASE_URL", "http://10.0.0.5:11434/v1/")
    assert config.read_endpoint(Provider.OPENAI_COMPATIBLE) is None
    monkeypatch.setenv("OPENAI_COMPATIBLE_MODELS", " a, ,b,a")
    endpoint = config.read_endpoint(Provider.OPENAI_COMPATIBLE)
    assert endpoint is not None
    assert endpoint.base_url == "http://10.0.0.5:11434/v1"
    assert config.compatible_models() == ("a", "b")


@pytest.mark.parametrize(
    ("provider", "written", "used"),
    [
        (Provider.ANTHROPIC, "https://relay.example/v1/", "https://relay.example"),
        (Provider.GEMINI, "https://relay.example/g/v1beta", "https://relay.example/g"),
        (Provider.OPENAI, "https://relay.example/v1", "https://relay.example/v1"),
    ],
)
def test_a_version_that_the_sdk_adds_is_not_added_twice(
    monkeypatch: pytest.MonkeyPatch, provider: Provider, written: str, used: str
) -> None:
    monkeypatch.setenv(f"{provider.name}_API_KEY", "k")
    monkeypatch.setenv(f"{provider.name}_BASE_URL", written)
    endpoint = config.read_endpoint(provider)
    assert endpoint is not None
    assert endpoint.base_url == used


@pytest.mark.parametrize("url", ["http://127.0.0.1:8791", "http://127.0.0.1:8791/v1", "http://127.0.0.1:8791/v1/"])
def test_the_local_address_may_be_written_either_way(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("LOCAL_MODEL_URL", url)
    endpoint = config.read_endpoint(Provider.LOCAL)
    assert endpoint is not None
    assert endpoint.base_url == "http://127.0.0.1:8791/v1"


@pytest.mark.parametrize(
    ("url", "here"),
    [
        ("http://127.0.0.1:1", True),
        ("http://127.8.9.1", True),
        ("http://[::1]:5", True),
        ("http://localhost:5", True),
        ("http://10.0.0.1", False),
        ("https://api.openai.com", False),
        ("http://127.0.0.1.evil.example", False),
        ("nonsense", False),
    ],
)
def test_what_counts_as_this_machine(url: str, here: bool) -> None:
    assert config.is_loopback(url) is here


@pytest.mark.parametrize(("text", "seconds"), [("", 0.02), ("0", 0.0), ("50", 0.05), ("-4", 0.0), ("fast", 0.02)])
def test_the_pace_of_the_script(monkeypatch: pytest.MonkeyPatch, text: str, seconds: float) -> None:
    monkeypatch.setenv("SCRIPTED_DELAY_MS", text)
    assert config.scripted_delay_seconds() == seconds


def test_warming_up_needs_no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "k")
    warm_up()
