"""Words for the conversation's templates: ages, durations, providers, prices."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django import template
from django.utils import timezone

from providers.types import ModelInfo, Provider

register = template.Library()

_PROVIDERS = {
    Provider.ANTHROPIC: "Anthropic",
    Provider.OPENAI: "OpenAI",
    Provider.GEMINI: "Google",
    Provider.OPENAI_COMPATIBLE: "Own server",
    Provider.LOCAL: "This machine",
    Provider.SCRIPTED: "Demonstration",
}
_AGES = ((0, "Today"), (1, "Yesterday"), (7, "Last 7 days"), (30, "Last 30 days"))


@register.filter
def age_group(when: datetime) -> str:
    """The heading that a conversation stands under, by calendar days of the current time zone. `sidebar.js` says the same."""
    days = (timezone.localdate() - timezone.localdate(when)).days
    return next((name for limit, name in _AGES if days <= limit), "Older")


@register.filter
def duration(seconds: float) -> str:
    """`0.4 s`, `12 s`, `2 min 5 s`; `under 0.1 s` for what would look like nothing."""
    if seconds < 0.1:
        return "under 0.1 s"
    if seconds < 10:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


@register.filter
def provider_name(provider: Provider) -> str:
    """The provider as people know it."""
    return _PROVIDERS[provider]


@register.filter
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
