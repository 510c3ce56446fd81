"""How a person is shown."""

from __future__ import annotations

from django import template

register = template.Library()


@register.filter
def initials(name: str, email: str) -> str:
    """`KL` of Kim Lee, else the first letter of the address: what stands where there is no picture."""
    words = [word for word in name.split() if word[0].isalnum()]
    letters = [words[0][0], words[-1][0]] if len(words) > 1 else [(words or [email])[0][:1]]
    return "".join(letters).upper()
