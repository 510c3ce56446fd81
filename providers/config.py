"""Where each provider is reached, and with which key. Read from the environment when asked, so a rotated secret file counts at once.

| provider | variables |
| --- | --- |
| anthropic | `ANTHROPIC_API_KEY`, `ANTHROPIC_BASE_URL` (with or without `/v1`) |
| openai | `OPENAI_API_KEY`, `OPENAI_BASE_URL` (with its `/v1`) |
| gemini | `GEMINI_API_KEY`, `GEMINI_BASE_URL` (with or without `/v1beta`) |
| openai_compatible | `OPENAI_COMPATIBLE_BASE_URL`, `OPENAI_COMPATIBLE_MODELS`, `OPENAI_COMPATIBLE_API_KEY` (optional) |
| local | `LOCAL_MODEL_URL`, `LOCAL_MODEL_API_KEY`, switched off by `LOCAL_MODEL=off` |
| scripted | `SCRIPTED_MODEL=on` offers it beside others, `SCRIPTED_DELAY_MS` is its pace |

Each `NAME` may be `NAME_FILE`, the path of a file that holds the value. `PROVIDERS_NETWORK=forbid` lets calls go to
loopback addresses only; tests run with it.
"""

from __future__ import annotations

import ipaddress
import os
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from providers.exceptions import ProviderDisabled
from providers.types import Provider

LOCAL_MODEL_ID = "smollm2-135m-instruct"
SCRIPTED_MODEL_ID = "scripted"
_DEFAULT_SCRIPTED_DELAY_MS = 20

DISPLAY_NAMES = {
    Provider.ANTHROPIC: "Anthropic",
    Provider.OPENAI: "OpenAI",
    Provider.GEMINI: "Google Gemini",
    Provider.OPENAI_COMPATIBLE: "The model server",
    Provider.LOCAL: "The local model",
    Provider.SCRIPTED: "The scripted demo",
}


@dataclass(frozen=True, slots=True)
class _Keyed:
    """A provider that needs a key. `version`: the part of the path its SDK adds by itself, taken off when an operator wrote it."""

    prefix: str
    url: str
    version: str = ""


_KEYED = {
    Provider.ANTHROPIC: _Keyed("ANTHROPIC", "https://api.anthropic.com", "/v1"),
    Provider.OPENAI: _Keyed("OPENAI", "https://api.openai.com/v1"),
    Provider.GEMINI: _Keyed("GEMINI", "https://generativelanguage.googleapis.com", "/v1beta"),
}


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A provider as it is reached from here. The key is not part of the representation, so it cannot slip into a log."""

    provider: Provider
    base_url: str
    api_key: str = field(repr=False)

    @property
    def name(self) -> str:
        return DISPLAY_NAMES[self.provider]


def read_endpoint(provider: Provider) -> Endpoint | None:
    """The endpoint of `provider`, or None when it is not configured. The scripted model has one always, without an address."""
    if provider is Provider.SCRIPTED:
        return Endpoint(provider, "", "")
    if provider is Provider.LOCAL:
        url = _text("LOCAL_MODEL_URL")
        if not url or _text("LOCAL_MODEL").lower() == "off":
            return None
        return Endpoint(provider, _with_v1(url), _text("LOCAL_MODEL_API_KEY") or "none")
    if provider is Provider.OPENAI_COMPATIBLE:
        url = _text("OPENAI_COMPATIBLE_BASE_URL")
        if not url or not compatible_models():
            return None
        return Endpoint(provider, url.rstrip("/"), _text("OPENAI_COMPATIBLE_API_KEY") or "none")
    known = _KEYED[provider]
    key = _text(f"{known.prefix}_API_KEY")
    url = (_text(f"{known.prefix}_BASE_URL") or known.url).rstrip("/").removesuffix(known.version)
    return Endpoint(provider, url, key) if key else None


def require_endpoint(provider: Provider) -> Endpoint:
    """As `read_endpoint`, but raises `ProviderDisabled` when it is not configured or the network switch forbids its address."""
    endpoint = read_endpoint(provider)
    if endpoint is None:
        raise ProviderDisabled(DISPLAY_NAMES[provider])
    if endpoint.base_url and network_forbidden() and not is_loopback(endpoint.base_url):
        host = urlsplit(endpoint.base_url).hostname
        raise ProviderDisabled(endpoint.name, detail=f"PROVIDERS_NETWORK=forbid: {host} is not a loopback address")
    return endpoint


def compatible_models() -> tuple[str, ...]:
    """The model ids of `OPENAI_COMPATIBLE_MODELS`, in the operator's order, each once."""
    words = (word.strip() for word in _text("OPENAI_COMPATIBLE_MODELS").split(","))
    return tuple(dict.fromkeys(word for word in words if word))


def scripted_delay_seconds() -> float:
    """Pause between two tokens of the scripted model. Anything that is not a number counts as the default, 20 ms."""
    try:
        return max(0, int(_text("SCRIPTED_DELAY_MS") or _DEFAULT_SCRIPTED_DELAY_MS)) / 1000
    except ValueError:
        return _DEFAULT_SCRIPTED_DELAY_MS / 1000


def scripted_beside_others() -> bool:
    return _text("SCRIPTED_MODEL").lower() in {"1", "on", "true", "yes"}


def default_model_wish() -> str:
    """`DEFAULT_MODEL` as the operator wrote it: "<model id>" or "<provider>:<model id>"; empty when unset."""
    return _text("DEFAULT_MODEL")


def network_forbidden() -> bool:
    return _text("PROVIDERS_NETWORK").lower() == "forbid"


def is_loopback(url: str) -> bool:
    """Whether an address leads to this machine. Names other than `localhost` are not looked up: they count as elsewhere."""
    host = urlsplit(url).hostname or ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _with_v1(url: str) -> str:
    url = url.rstrip("/")
    return url if url.endswith("/v1") else f"{url}/v1"


def _text(name: str) -> str:
    value = os.environ.get(name, "").strip()
    path = os.environ.get(f"{name}_FILE", "").strip()
    if value or not path:
        return value
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return ""  # a provider whose secret cannot be read is not offered; the start-up check of the roof names the variable
