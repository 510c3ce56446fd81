"""Nothing breaks when a field is empty: an account with nothing but its address can use everything."""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from accounts.models import Avatar, Theme, User

PAGES = [
    "/settings/",
    "/settings/chat/",
    "/settings/security/",
    "/settings/activity/",
    "/settings/data/",
    "/settings/shared-links/",
    "/settings/import/",
    "/settings/notifications/",
    "/accounts/email/",
    "/accounts/password/set/",
    "/usage/",
    "/usage/meter/",
    "/c/",
    "/c/archived/",
    "/search/",
]


@pytest.fixture
def bare(db: None) -> User:
    user = User.objects.create_user("bare@example.com")
    user.set_unusable_password()
    for field in ("name", "time_zone", "language", "custom_instructions", "default_model_key", "last_model_key"):
        setattr(user, field, "")
    user.theme = Theme.SYSTEM
    user.save()
    EmailAddress.objects.filter(user=user).delete()
    assert not Avatar.objects.filter(user=user).exists()
    return user


@pytest.fixture
def browser(bare: User) -> Client:
    client = Client()
    client.force_login(bare)
    return client


@pytest.mark.parametrize("path", PAGES)
def test_every_page_opens(browser: Client, path: str) -> None:
    response = browser.get(path)
    assert response.status_code == 200, (path, response.headers.get("Location"))
    assert "None" not in response.content.decode().partition("<main")[2]


def test_saving_the_settings_as_they_are_keeps_them_empty(browser: Client, bare: User) -> None:
    assert browser.post("/settings/", {"theme": "system"}).status_code == 302
    bare.refresh_from_db()
    assert (bare.name, bare.time_zone, bare.language) == ("", "", "")
