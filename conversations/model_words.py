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


def provider_name(provider: Provider) -> str:
    """The provider as people know it."""
    return _PROVIDERS[provider]


def price_hint(model: ModelInfo) -> str:
    """USD per million tokens, `$2 in · $10 out`; `free` when nothing is charged."""
    if not model.prices.input and not model.prices.output:
        return "free"
    return f"{_dollars(model.prices.input)} in · {_dollars(model.prices.output)} out"


def _dollars(amount: Decimal) -> str:
    text = f"{amount:f}"
    whole, _, cents = text.partition(".")
    cents = cents.rstrip("0")
    return f"${whole}.{cents.ljust(2, '0')}" if cents else f"${whole}"
