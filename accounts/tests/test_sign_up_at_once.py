"""Two sign-ups with one address at the same moment make one account, and nobody sees a broken page."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.test import Client

from accounts.models import Membership, User, Workspace
from accounts.tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True)


def sign_up(password: str) -> Any:
    try:
        client = Client()
        response = client.post("/accounts/signup/", {"email": "noa@example.com", "password1": password})
        return response["Location"], "_auth_user_id" in client.session
    finally:
        connections.close_all()


def wait_until_both_want_to_write() -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE relation = 'accounts_user'::regclass AND NOT granted")
            if cursor.fetchone() == (2,):
                return
    raise AssertionError("The two sign-ups never met")


@contextmanager
def both_past_their_checks(*passwords: str) -> Iterator[list[Future[Any]]]:
    """Both have found the address free and stand before their INSERT when the table opens."""
    with ThreadPoolExecutor(2) as pool:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("LOCK TABLE accounts_user IN EXCLUSIVE MODE")
            running = [pool.submit(sign_up, password) for password in passwords]
            wait_until_both_want_to_write()
        yield running


def test_the_second_click_of_one_person_signs_them_in() -> None:
    with both_past_their_checks(PASSWORD, PASSWORD) as running:
        assert [one.result() for one in running] == [("/c/", True), ("/c/", True)]
    assert [model.objects.count() for model in (User, Workspace, Membership)] == [1, 1, 1]


def test_somebody_else_is_told_that_the_account_exists() -> None:
    with both_past_their_checks(PASSWORD, "another bird altogether") as running:
        assert sorted(one.result() for one in running) == [("/accounts/login/", False), ("/c/", True)]
    assert [model.objects.count() for model in (User, Workspace, Membership)] == [1, 1, 1]
