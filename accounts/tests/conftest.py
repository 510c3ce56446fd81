"""The cast: Kim, who has an account, and a browser that nobody is signed in with."""

from __future__ import annotations

import functools
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client

from accounts.models import User
from core.ids import uuid7
from core.redis import get_redis

PASSWORD = "a sparrow on the roof"


@functools.cache
def hash_of_password() -> str:
    """Hashing is slow on purpose; once is enough for all tests."""
    return make_password(PASSWORD)


def confirm(browser: Client) -> None:
    """What is asked before anything sensitive: the password once more."""
    assert browser.post("/accounts/reauthenticate/", {"password": PASSWORD}).status_code == 302


@pytest.fixture(autouse=True)
def static_files_by_their_own_names(settings: Any) -> None:
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}


@pytest.fixture(autouse=True)
def no_attempts_remembered_from_other_tests(settings: Any) -> None:
    default = settings.CACHES["default"] | {"KEY_PREFIX": f"test-{uuid7()}"}
    settings.CACHES = settings.CACHES | {"default": default}
    for key in get_redis().scan_iter("rate:*"):
        get_redis().delete(key)


@pytest.fixture
def kim(db: None) -> User:
    user = User.objects.create_user("kim@example.com", name="Kim")
    user.password = hash_of_password()
    user.save(update_fields=["password"])
    return user


@pytest.fixture
def kims_browser(kim: User) -> Client:
    client = Client()
    client.force_login(kim)
    return client
