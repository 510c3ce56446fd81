"""`{% stylesheets "chat" %}`: the links to the sheets that come together."""

from __future__ import annotations

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from core.stylesheets import ON_PAPER, TOGETHER, address

register = template.Library()


@register.simple_tag
def stylesheets(name: str) -> SafeString:
    """One link; with `DEBUG` one for each sheet, so that a change shows at once."""
    if not settings.DEBUG:
        return format_html('<link rel="stylesheet" href="{}">', static(address(f"together-{name}")))
    links = ((static(address(sheet)), "print" if sheet == ON_PAPER else "all") for sheet in TOGETHER[name])
    return format_html_join("\n  ", '<link rel="stylesheet" href="{}" media="{}">', links)
