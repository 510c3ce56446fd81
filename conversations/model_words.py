"""Models in words: providers and prices as people know them."""

from __future__ import annotations

from decimal import Decimal

from providers.types import ModelInfo, Provider

_PROVIDERS = {
    Provider.ANTHROPIC: "Anthropic",
    Provider.OPENAI: "OpenAI",
    Provider.GEMINI: "Google",
    Provider.OPENAI_COMPATIBLE: "Own server",
    Provider.LOCAL: "This machine",
    Provider.SCRIPTED: "Demonstration",
}


_ABILITIES = {
    "reasoning": "Reasoning",
    "vision": "Vision",
    "pdf": "PDF",
    "tools": "Tools",
    "web_search": "Web search",
}
_LOW_USD, _HIGH_USD = Decimal(1), Decimal(6)  # for a million tokens, three parts input to one part output


def provider_name(provider: Provider) -> str:
    """The provider as people know it."""
    return _PROVIDERS[provider]


def price_hint(model: ModelInfo) -> str:
    """USD per million tokens, `$2 in · $10 out`; `free` when nothing is charged."""
    if not model.prices.input and not model.prices.output:
        return "free"
    return f"{_dollars(model.prices.input)} in · {_dollars(model.prices.output)} out"


def price_line(model: ModelInfo) -> str:
    """What stands beside the model in the composer."""
    if model.prices.input or model.prices.output:
        return f"{price_hint(model)} per million tokens"
    return model.note or ("A demonstration, free of charge" if model.demo else "Free of charge")


def price_level(model: ModelInfo) -> str:
    """A word for comparing at a glance; empty when nothing is charged."""
    blend = (3 * model.prices.input + model.prices.output) / 4
    if not blend:
        return ""
    return "Low price" if blend < _LOW_USD else "High price" if blend >= _HIGH_USD else "Medium price"


def abilities(model: ModelInfo) -> list[str]:
    """What it can do besides writing, in words, always in the same order."""
    return [word for ability, word in _ABILITIES.items() if ability in model.abilities]


def window(model: ModelInfo) -> str:
    """How much it can read at once: `200k`, `1M`, `1.05M` tokens."""
    size = model.context_window
    return f"{size / 1_000_000:.2f}".rstrip("0").rstrip(".") + "M" if size >= 1_000_000 else f"{size // 1000}k"


def _dollars(amount: Decimal) -> str:
    text = f"{amount:f}"
    whole, _, cents = text.partition(".")
    cents = cents.rstrip("0")
    return f"${whole}.{cents.ljust(2, '0')}" if cents else f"${whole}"
