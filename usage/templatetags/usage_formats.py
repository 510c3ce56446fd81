"""`{{ amount|usd }}`."""

from django import template

from usage.formats import usd

register = template.Library()
register.filter("usd", usd)
