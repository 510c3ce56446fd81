"""The doors under `/accounts/` take so many knocks a minute from one address; more cost next to nothing and slow nobody."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable

from allauth.core.internal.ratelimit import get_ip
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from accounts.known_device import known_device
from core.exceptions import RateLimited
from core.rate_limit import take

A_MINUTE = 60
DEVICES_A_MINUTE = 600  # of all known browsers at one address together: an office signs in, a collection of cookies does not
_POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; manifest-src 'self'; base-uri 'none'; frame-ancestors 'none'"


class ClosedDoors:
    """Who was refused within the last second, and how long that holds: a flood then asks Redis once a second and no more often.

    Of this process, and bounded. Times are those of `time.monotonic`, in seconds.
    """

    MOST = 10_000
    SECONDS = 1.0

    def __init__(self) -> None:
        self._refused: dict[str, tuple[float, float]] = {}

    def note(self, who: str, retry_after: float) -> None:
        if len(self._refused) >= self.MOST:
            self._refused.clear()  # they are asked about again
        now = time.monotonic()
        self._refused[who] = (now + min(self.SECONDS, retry_after), now + retry_after)

    def retry_after(self, who: str) -> float | None:
        """Seconds until the door opens; None when it has to be asked."""
        now = time.monotonic()
        fresh_until, opens = self._refused.get(who, (0.0, 0.0))
        if now < fresh_until:
            return opens - now
        self._refused.pop(who, None)
        return None


closed_doors = ClosedDoors()


class DoorsMiddleware:
    """Refuses (429) before session, user or form are looked at. A browser in which somebody has signed in before is counted by itself."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not is_door(request.method, request.path):
            return self.get_response(request)
        who = _who(request)
        try:
            if known_device(request):
                take("door-devices", get_ip(request), times=DEVICES_A_MINUTE, seconds=60)
            take("door", who, times=A_MINUTE, seconds=60)
        except RateLimited as error:
            closed_doors.note(who, error.retry_after)
            return _refusal(error.retry_after)
        return self.get_response(request)


def is_door(method: str | None, path: str) -> bool:
    return method == "POST" and path.startswith("/accounts/")


def refuse_again(request: HttpRequest) -> HttpResponse | None:
    """The refusal of somebody who was refused a moment ago, without a look at anything else; None for everybody else. Never waits."""
    seconds = closed_doors.retry_after(_who(request))
    return None if seconds is None else _refusal(seconds)


def _who(request: HttpRequest) -> str:
    device = known_device(request)
    return device.id if device else get_ip(request)


def _refusal(retry_after: float) -> HttpResponse:
    response = HttpResponse(_page(), status=429)
    response["Retry-After"] = str(max(1, round(retry_after)))
    response["Cache-Control"] = "no-store"
    response["Content-Security-Policy"] = _POLICY
    return response


@functools.cache
def _page() -> str:
    return render_to_string("429.html", {"site_name": settings.SITE_NAME})
