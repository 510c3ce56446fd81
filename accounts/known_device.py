"""A browser in which somebody has signed in before: guesses of others do not lock it out.

A signed cookie names the browser and (as hashes) the addresses that signed in there. It opens nothing; it only counts a
browser's own failed attempts apart from everybody else's. After OWASP's "Device Cookies".
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass

from django.core import signing
from django.http import HttpRequest, HttpResponse

COOKIE = "device"
_SALT = "known device"
_AGE_SECONDS = 365 * 24 * 3600
_MOST_ADDRESSES = 8


@dataclass(frozen=True, slots=True)
class KnownDevice:
    id: str
    marks: tuple[str, ...]

    def knows(self, email: str) -> bool:
        return address_mark(email) in self.marks


def address_mark(email: str) -> str:
    """A short hash, for keys and cookies that need not show the address."""
    return hashlib.sha256(email.strip().lower().encode()).hexdigest()[:24]


def known_device(request: HttpRequest) -> KnownDevice | None:
    """What the request's cookie says; None without one, and for one that is not ours."""
    try:
        value = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=_AGE_SECONDS)
        return KnownDevice(str(value["id"]), tuple(value["marks"]))
    except (signing.BadSignature, KeyError, TypeError, ValueError):
        return None


def remember_device(request: HttpRequest, response: HttpResponse, *emails: str) -> None:
    """Note on the response that these addresses signed in here."""
    known = known_device(request)
    marks = dict.fromkeys([*(address_mark(email) for email in emails if email), *(known.marks if known else ())])
    value = {"id": known.id if known else secrets.token_urlsafe(12), "marks": list(marks)[:_MOST_ADDRESSES]}
    signed = signing.dumps(value, salt=_SALT, compress=True)
    response.set_cookie(COOKIE, signed, _AGE_SECONDS, path="/accounts/", httponly=True, samesite="Lax", secure=request.is_secure())
