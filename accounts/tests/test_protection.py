"""Guessing is slow for strangers, and strangers cannot lock an owner out."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail
from django.test import Client

from accounts.known_device import COOKIE
from accounts.models import User
from accounts.tests.conftest import PASSWORD
from core.redis import get_redis

pytestmark = pytest.mark.django_db
OFTEN = "Too many attempts"


def at(address: str) -> Client:
    return Client(REMOTE_ADDR=address)


def sign_in(client: Client, password: str = PASSWORD, email: str = "kim@example.com") -> Any:
    return client.post("/accounts/login/", {"login": email, "password": password})


def guess(client: Client, times: int, email: str = "kim@example.com") -> bool:
    """Whether the last of so many guesses was refused unread."""
    for _ in range(times):
        answer = sign_in(client, "wrong", email)
        get_redis().delete(*get_redis().scan_iter("rate:door:*"))
    return OFTEN in answer.content.decode()


def test_a_stranger_elsewhere_is_stopped_and_the_owner_is_not(kim: User) -> None:
    assert guess(at("10.0.0.1"), 6)
    assert sign_in(at("10.0.0.2"))["Location"] == "/c/"


def test_a_stranger_next_to_the_owner_does_not_stop_a_browser_that_is_known(kim: User) -> None:
    owner = at("10.0.0.1")
    sign_in(owner)
    owner.post("/accounts/logout/")
    assert guess(at("10.0.0.1"), 6)
    assert sign_in(owner)["Location"] == "/c/"


def test_a_known_browser_has_so_many_guesses_too(kim: User) -> None:
    thief = at("10.0.0.1")
    sign_in(thief)
    thief.post("/accounts/logout/")
    assert not guess(thief, 10)
    assert guess(thief, 1)


def test_being_known_for_one_account_opens_no_other(kim: User) -> None:
    User.objects.create_user("noa@example.com", PASSWORD)
    noa = at("10.0.0.1")
    sign_in(noa, email="noa@example.com")
    noa.post("/accounts/logout/")
    assert guess(noa, 6)


def test_a_made_up_device_is_nobodys(kim: User) -> None:
    liar = at("10.0.0.1")
    liar.cookies[COOKIE] = "eyJpZCI6IngiLCJtYXJrcyI6W119:1abcde:forged"
    assert guess(liar, 6)


def test_one_address_that_tries_many_accounts_is_stopped(kim: User) -> None:
    spray = at("10.0.0.1")
    for number in range(30):
        guess(spray, 1, f"person{number}@example.com")
    assert OFTEN in sign_in(spray).content.decode()


def test_many_addresses_that_try_one_account_are_stopped(kim: User) -> None:
    get_redis().set(_account_key(), 100, ex=3600)
    assert OFTEN in sign_in(at("10.0.0.9")).content.decode()


def _account_key() -> str:
    guess(at("10.9.9.9"), 1)
    [key] = get_redis().scan_iter("rate:sign-in-account:*")
    return str(key.decode())


def test_right_passwords_do_not_count(kim: User) -> None:
    for _ in range(12):
        assert sign_in(at("10.0.0.1")).status_code == 302


@pytest.mark.parametrize("email", ["kim@example.com", "nobody@example.com"])
def test_nobody_is_flooded_with_mails_and_the_answer_stays_the_same(kim: User, email: str) -> None:
    answers = {at(f"10.0.0.{n}").post("/accounts/password/reset/", {"email": email})["Location"] for n in range(6)}
    assert answers == {"/accounts/password/reset/done/"}
    assert len(mail.outbox) == 3


def test_the_doors_close_after_a_minutes_worth_of_knocks_and_only_for_that_address(kim: User) -> None:
    flood = at("10.0.0.1")
    last = [sign_in(flood, "x", f"p{n}@example.com") for n in range(61)][-1]
    assert last.status_code == 429
    assert int(last["Retry-After"]) <= 60
    assert "frame-ancestors 'none'" in last["Content-Security-Policy"]
    assert "That was a bit too often" in last.content.decode()
    assert sign_in(at("10.0.0.2")).status_code == 302


def test_an_ipv6_neighbourhood_counts_as_one(kim: User) -> None:
    for n in range(6):
        refused = guess(at(f"2001:db8:1:2::{n:x}"), 1)
    assert refused
