"""`{% modules %}`: the scripts of the conversation's page, asked for at once instead of one after the other."""

from __future__ import annotations

import functools
from pathlib import Path

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from core.modules import EARLY, ENTRY, address, apart, early, everything, joined_address

register = template.Library()


@register.simple_tag
def modules() -> SafeString:
    """What the first sight needs before the rest. With `DEBUG` each module by itself, so that a change shows at once."""
    names = everything(_read) if settings.DEBUG else _apart()
    first = early(_read) if settings.DEBUG else _early()
    rest = address(ENTRY) if settings.DEBUG else joined_address()
    links = ((_priority(name in first), static(address(name))) for name in names if name not in (ENTRY, *EARLY))
    soon = ((static(address(name)),) for name in EARLY)
    return format_html(
        "{}\n  {}\n  {}",
        format_html_join("\n  ", '<link rel="modulepreload"{} href="{}">', links),
        format_html_join("\n  ", '<script type="module" blocking="render" src="{}"></script>', soon),
        format_html('<script type="module"{} src="{}"></script>', _priority(False), static(rest)),
    )


def _priority(soon: bool) -> SafeString:
    return format_html("") if soon else format_html(' fetchpriority="low"')


@functools.cache
def _apart() -> list[str]:
    return apart(_read)


@functools.cache
def _early() -> list[str]:
    return early(_read)


def _read(name: str) -> str:
    return (Path(settings.BASE_DIR) / "static" / address(name)).read_text()
