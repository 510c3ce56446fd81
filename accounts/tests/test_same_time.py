"""Whether an address has an account cannot be told from how long an answer takes."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.test import Client

from accounts.models import User
from accounts.tests.conftest import PASSWORD
from core.redis import get_redis

PAIRS = 40
# Of 40 differences in order, the 10th and the 31st: the median lies between the two in 99.93 % of all cases, whatever the noise
# looks like (sign test: 2 * P(at most 9 of 40 coins show heads) = 0.0007).
LOWER, UPPER = 9, 30
Clocks = tuple[float, float]
pytestmark = pytest.mark.django_db


def sign_in(email: str) -> Any:
    return Client().post("/accounts/login/", {"login": email, "password": "not the right one"})


def reset(email: str) -> Any:
    return Client().post("/accounts/password/reset/", {"email": email})


def sign_up(email: str) -> Any:
    return Client().post("/accounts/signup/", {"email": email, "password1": PASSWORD})


# What is allowed, in milliseconds. A test fails when the difference is surely more than that: when the whole interval around the
# median of the paired differences lies beyond it.
#
# Two clocks. The wall is what a stranger sees; but a busy machine stretches it by as much as the work itself: on its own it shows a
# missing hash and no less. The processor's time of this process hardly minds such company: its interval is 1 to 3 ms to each side.
# What waits instead of working (a mail server, a query) shows on the wall only, from about 10 ms on where the machine is quiet.
#
# The hash takes 30 ms here and not the product's 170: enough to show where one is missing, and little enough to drown nothing else.
#
# At sign-up a new address makes an account, and a known one sends its owner a mail instead: 8 ms of work more for the new one. Only
# one question can be asked about each address, for afterwards it is known: no average brings that out of the noise.
class HashOf30Milliseconds(Argon2PasswordHasher):
    time_cost, memory_cost, parallelism = 1, 40 * 1024, 1


@pytest.mark.parametrize(("ask", "allowed_ms"), [(sign_in, 3.0), (reset, 3.0), (sign_up, 20.0)])
def test_known_and_unknown_addresses_take_the_same_time(kim: User, settings: Any, ask: Callable[[str], Any], allowed_ms: float) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    settings.ACCOUNT_RATE_LIMITS = False
    settings.PASSWORD_HASHERS = [f"{__name__}.{HashOf30Milliseconds.__qualname__}"]
    kim.set_password(PASSWORD)
    kim.save()
    EmailAddress.objects.update(verified=True)
    pairs = [_pair(ask, number) for number in range(-2, PAIRS)][2:]  # what loads at its first use is over
    for clock, name in enumerate(("wall", "processor")):
        differences = sorted(known[clock] - unknown[clock] for known, unknown in pairs)
        surely = max(differences[LOWER], -differences[UPPER], 0.0)
        told = f"{name}: known - unknown = {statistics.median(differences):.1f} ms ({differences[LOWER]:.1f} to {differences[UPPER]:.1f})"
        assert surely <= allowed_ms, told


def _pair(ask: Callable[[str], Any], number: int) -> tuple[Clocks, Clocks]:
    """One known and one unknown address, right after each other, so that both meet the same machine; either goes first in turn."""
    if number % 2:
        unknown, known = _milliseconds(ask, f"nobody{number}@example.com"), _milliseconds(ask, "kim@example.com")
    else:
        known, unknown = _milliseconds(ask, "kim@example.com"), _milliseconds(ask, f"nobody{number}@example.com")
    return known, unknown


def _milliseconds(ask: Callable[[str], Any], email: str) -> Clocks:
    for key in get_redis().scan_iter("*rate:*"):
        get_redis().delete(key)
    wall, processor = time.perf_counter(), time.process_time()
    answer = ask(email)
    took = 1000 * (time.perf_counter() - wall), 1000 * (time.process_time() - processor)
    assert answer.status_code in (200, 302)
    return took
