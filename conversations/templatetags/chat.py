"""Words for the conversation's templates: ages, durations, providers, prices."""

from __future__ import annotations

import functools
from datetime import datetime

from django import template
from django.template.loader import render_to_string
from django.utils import timezone

from conversations.model_words import abilities, price_hint, price_level, price_line, provider_name, window
from conversations.reasoning_words import thought_for
from usage.exceptions import either

register = template.Library()
register.filter("thought_for", thought_for)
register.filter("provider_name", provider_name)
register.filter("price_hint", price_hint)
register.filter("either", either)
register.filter("price_level", price_level)
register.filter("price_line", price_line)
register.filter("abilities", abilities)
register.filter("window", window)

_AGES = ((0, "Today"), (1, "Yesterday"), (7, "Last 7 days"), (30, "Last 30 days"))


@register.simple_tag
@functools.cache
def icon(name: str) -> str:
    """A drawing of the sprite, as `_icon.html` shows it; made once, for lists that show it in each of many rows."""
    return render_to_string("_icon.html", {"name": name})


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
