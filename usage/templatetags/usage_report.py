"""Exact figures on the pages about reports of providers."""

from __future__ import annotations

from decimal import Decimal

from django import template

from usage.reports.plan import tokens_words
from usage.reports.types import Tokens

register = template.Library()


@register.filter
def plain(amount: Decimal) -> str:
    """All digits that say something, never an exponent."""
    return f"{amount.normalize():,f}"


@register.filter
def signed(amount: Decimal | int) -> str:
    """The same with its sign; nothing has none."""
    if not amount:
        return "0"
    return f"{amount:+,}" if isinstance(amount, int) else f"{amount.normalize():+,f}"


@register.filter
def buckets(tokens: Tokens) -> str:
    return tokens_words(tokens)
