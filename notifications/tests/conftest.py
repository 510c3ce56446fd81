"""The cast: Kim, who has an account, and a mail server that is down."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.models import User
from accounts.services import create_personal_workspace

PASSWORD = "a sparrow on the roof"


@pytest.fixture(autouse=True)
def static_files_by_their_own_names(settings: Any) -> None:
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}


@pytest.fixture
def kim() -> User:
    user = User.objects.create_user("kim@example.com", PASSWORD, name="Kim <b>", time_zone="Asia/Tokyo")
    create_personal_workspace(user)
    return user


@pytest.fixture
def mail_is_down(settings: Any) -> None:
    """Nobody listens there."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
