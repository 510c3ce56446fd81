"""`{{ amount|usd }}`, `{{ count|short }}`."""

from django import template

from usage.formats import short, usd

register = template.Library()
register.filter("usd", usd)
register.filter("short", short)
