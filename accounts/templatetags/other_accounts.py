"""Which other accounts one can sign in with."""

from __future__ import annotations

from typing import Any

from allauth.socialaccount.models import SocialAccount
from django import template
from django.conf import settings
from django.urls import reverse

register = template.Library()


@register.simple_tag
def other_accounts(user: Any = None) -> list[dict[str, Any]]:
    """Each configured provider with the address of its door; of `user` also what is linked, configured or not."""
    linked = {row.provider: row for row in SocialAccount.objects.filter(user=user)} if user else {}
    ways = [{"name": name, "url": _door(key, module), "linked": linked.pop(key, None)} for key, name, module in settings.OTHER_ACCOUNTS]
    return ways + [{"name": key, "url": "", "linked": row} for key, row in linked.items()]


@register.simple_tag
def sign_up_policy() -> dict[str, Any]:
    return {"kind": settings.SIGN_UP, "domains": settings.SIGN_UP_DOMAINS}


def _door(key: str, module: str) -> str:
    return reverse("openid_connect_login", args=[key]) if module == "openid_connect" else reverse(f"{key}_login")
