"""What every answer forbids browsers to do, and what https switches on."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.test import Client

from accounts.models import User

PASSWORD = "a sparrow on the roof"

_SAY = """
import json
from chatplatform import settings as s
names = "SESSION_COOKIE_SECURE CSRF_COOKIE_SECURE SESSION_COOKIE_HTTPONLY SESSION_COOKIE_SAMESITE".split()
print(json.dumps({n: getattr(s, n) for n in names} | {"hsts": getattr(s, "SECURE_HSTS_SECONDS", 0)}))
"""


def settings_at(base_url: str) -> dict[str, object]:
    environment = {**os.environ, "BASE_URL": base_url}
    done = subprocess.run([sys.executable, "-c", _SAY], env=environment, capture_output=True, text=True, check=True)
    found: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_served_securely_cookies_never_travel_in_the_clear() -> None:
    secure = settings_at("https://chat.example.com")
    assert secure["SESSION_COOKIE_SECURE"] is secure["CSRF_COOKIE_SECURE"] is True
    assert secure["SESSION_COOKIE_HTTPONLY"] is True
    assert secure["SESSION_COOKIE_SAMESITE"] == "Lax"
    assert int(str(secure["hsts"])) >= 31_536_000
    plain = settings_at("http://127.0.0.1:8000")
    assert plain["SESSION_COOKIE_SECURE"] is False
    assert plain["hsts"] == 0


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/accounts/login/", "/accounts/password/reset/", "/nothing-here/"])
def test_no_page_is_framed_sniffed_or_told_to_other_sites(client: Client, path: str) -> None:
    answer = client.get(path)
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert {"camera=()", "geolocation=()", "microphone=()"} <= set(answer["Permissions-Policy"].split(", "))
    policy = answer["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in policy
    assert "form-action 'self'" in policy
    assert "unsafe" not in policy


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/settings/", "/settings/security/", "/accounts/email/", "/accounts/password/change/", "/c/", "/nothing-here/"]
)
def test_pages_of_somebody_who_is_signed_in_are_kept_by_no_cache(client: Client, path: str) -> None:
    client.force_login(User.objects.create_user("kim@example.com"))
    assert "no-store" in client.get(path)["Cache-Control"]


@pytest.mark.django_db
def test_nor_are_the_secrets_of_a_second_step(client: Client) -> None:
    kim = User.objects.create_user("kim@example.com", PASSWORD)
    client.force_login(kim)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    page = client.get("/accounts/2fa/totp/activate/")
    assert "data-secret" in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    RecoveryCodes.activate(kim)
    page = client.get("/accounts/2fa/recovery-codes/")
    assert page.status_code == 200
    assert "no-store" in page["Cache-Control"]


@pytest.mark.django_db
def test_what_says_itself_how_long_it_may_be_kept_is_left_alone(client: Client) -> None:
    client.force_login(User.objects.create_user("kim@example.com"))
    assert "public" in client.get("/diagrams/frame/")["Cache-Control"]
