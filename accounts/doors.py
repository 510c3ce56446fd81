"""The doors under `/accounts/` take so many knocks a minute from one address; more cost next to nothing and slow nobody."""

from __future__ import annotations

import functools
from collections.abc import Callable

from allauth.core.internal.ratelimit import get_ip
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from accounts.known_device import known_device
from core.exceptions import RateLimited
from core.rate_limit import take

A_MINUTE = 60
_POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; manifest-src 'self'; base-uri 'none'; frame-ancestors 'none'"


class DoorsMiddleware:
    """Refuses (429) before session, user or form are looked at. A browser in which somebody has signed in before is counted by itself."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method == "POST" and request.path.startswith("/accounts/"):
            device = known_device(request)
            try:
                take("door", device.id if device else get_ip(request), times=A_MINUTE, seconds=60)
            except RateLimited as error:
                return _refusal(error)
        return self.get_response(request)


def _refusal(error: RateLimited) -> HttpResponse:
    response = HttpResponse(_page(), status=429)
    response["Retry-After"] = str(max(1, round(error.retry_after)))
    response["Cache-Control"] = "no-store"
    response["Content-Security-Policy"] = _POLICY
    return response


@functools.cache
def _page() -> str:
    return render_to_string("429.html", {"site_name": settings.SITE_NAME})
