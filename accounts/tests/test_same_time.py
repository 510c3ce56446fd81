"""Whether an address has an account cannot be told from how long an answer takes."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from accounts.models import User
from accounts.tests.conftest import PASSWORD
from core.redis import get_redis

ROUNDS = 25
pytestmark = pytest.mark.django_db


def sign_in(email: str) -> Any:
    return Client().post("/accounts/login/", {"login": email, "password": "not the right one"})


def reset(email: str) -> Any:
    return Client().post("/accounts/password/reset/", {"email": email})


def sign_up(email: str) -> Any:
    return Client().post("/accounts/signup/", {"email": email, "password1": PASSWORD})


def seconds(ask: Callable[[str], Any], email: str) -> float:
    for key in get_redis().scan_iter("*rate:*"):
        get_redis().delete(key)
    started = time.perf_counter()
    assert ask(email).status_code in (200, 302)
    return time.perf_counter() - started


@pytest.mark.parametrize("ask", [sign_in, reset, sign_up])
def test_known_and_unknown_addresses_take_the_same_time(kim: User, settings: Any, ask: Callable[[str], Any]) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    settings.ACCOUNT_RATE_LIMITS = False
    EmailAddress.objects.update(verified=True)
    known, unknown = [], []
    for number in range(-2, ROUNDS):
        pair = seconds(ask, "kim@example.com"), seconds(ask, f"nobody{number}@example.com")
        if number >= 0:  # what loads at its first use is over
            known.append(pair[0])
            unknown.append(pair[1])
    typical = statistics.median(known + unknown)
    difference = abs(statistics.median(known) - statistics.median(unknown))
    assert difference < max(0.2 * typical, 3 * _error_of_the_median(known, unknown)), (known, unknown)


def _error_of_the_median(*samples: list[float]) -> float:
    """Standard error of the difference of medians, from the spread around each (robust against a stall of the machine)."""
    spreads = [1.4826 * statistics.median(abs(one - statistics.median(sample)) for one in sample) for sample in samples]
    return float(1.2533 * sum(spread**2 / ROUNDS for spread in spreads) ** 0.5)
