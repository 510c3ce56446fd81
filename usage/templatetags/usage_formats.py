"""`{{ amount|usd }}`, `{{ amount|money }}`, `{{ count|short }}`, `{{ balance|used }}`, `{{ balance|held }}`."""

from decimal import Decimal

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from usage.formats import exact, held, short, usd, used

register = template.Library()
register.filter("usd", usd)
register.filter("short", short)
register.filter("used", used)
register.filter("held", held)


@register.filter
def money(amount: Decimal) -> SafeString:
    """`<data value="0.013740000000">$0.0137</data>`: what people read, and the exact amount for who adds up the page."""
    return format_html('<data value="{}">{}</data>', exact(amount), usd(amount))
