"""What asks whether the product lives comes by address."""

from __future__ import annotations

import logging

import pytest
from django.test import Client


def test_alive_is_said_to_any_name() -> None:
    answer = Client().get("/healthz", headers={"host": "10.1.2.3:8000"})
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok"}


@pytest.mark.django_db
def test_ready_is_said_to_any_name() -> None:
    answer = Client().get("/readyz", headers={"host": "10.1.2.3:8000"})
    assert answer.status_code in (200, 503)
    assert answer.json()["checks"]["database"] == "ok"


@pytest.mark.django_db
def test_pages_are_given_to_our_own_name_only_and_scanners_leave_no_traceback(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, logger="django.security"):
        answer = Client().get("/", headers={"host": "evil.example"})
    assert answer.status_code == 400
    assert not [record for record in caplog.records if record.name == "django.security.DisallowedHost"]
