"""How often somebody may try to get in: failed sign-ins, and mails that anybody can have sent to an address.

A browser that is known to belong to the account has a count of its own, so nobody else can use it up. Others are counted
by address and account together, by address, and (far higher, against guessing from many places) by account.
"""

from __future__ import annotations

from allauth.core.internal.ratelimit import get_ip
from django.http import HttpRequest

from accounts.known_device import address_mark, known_device
from core.exceptions import RateLimited
from core.rate_limit import forget, give_back, take

# (action, times, seconds)
_DEVICE = ("sign-in-device", 10, 300)
_PAIR = ("sign-in-pair", 5, 300)
_ADDRESS = ("sign-in-address", 30, 300)
_ACCOUNT = ("sign-in-account", 100, 3600)
_MAILS = ("mails-to", 3, 3600)


def take_attempt(request: HttpRequest, email: str) -> None:
    """Count one attempt before the password is looked at. Raises `RateLimited`."""
    for (action, times, seconds), who in _counts(request, email):
        take(action, who, times=times, seconds=seconds)


def give_attempt_back(request: HttpRequest, email: str) -> None:
    """It was the right password: only failures count."""
    for (action, _, _), who in _counts(request, email):
        give_back(action, who)


def forget_attempts(request: HttpRequest, email: str) -> None:
    """A new password was chosen through the mail: whoever did that may sign in at once."""
    for (action, _, _), who in _counts(request, email):
        if action != _ADDRESS[0]:
            forget(action, who)


def mail_may_go(email: str) -> bool:
    """Whether another mail that anybody can ask for may go to this address. Who asks is answered the same either way."""
    action, times, seconds = _MAILS
    try:
        take(action, address_mark(email), times=times, seconds=seconds)
    except RateLimited:
        return False
    return True


def _counts(request: HttpRequest, email: str) -> list[tuple[tuple[str, int, int], str]]:
    account, device = address_mark(email), known_device(request)
    if device is not None and device.knows(email):
        return [(_DEVICE, f"{device.id}:{account}")]
    address = get_ip(request)
    return [(_PAIR, f"{address}:{account}"), (_ADDRESS, address), (_ACCOUNT, account)]
