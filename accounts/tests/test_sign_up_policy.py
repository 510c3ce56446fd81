"""Who may make an account is the operator's decision."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.models import Invitation, User
from accounts.tests.conftest import PASSWORD
from accounts.tests.test_account_pages import in_our_frame
from chatplatform.env import EnvError, Environment
from chatplatform.sign_in import sign_in_settings

pytestmark = pytest.mark.django_db


def sign_up(client: Client, email: str) -> Any:
    return client.post("/accounts/signup/", {"email": email, "password1": PASSWORD})


@pytest.fixture
def operators_browser(db: None) -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("boss@example.com"))
    return client


@pytest.fixture
def link(operators_browser: Client, settings: Any) -> str:
    """What somebody invited finds in the mail."""
    settings.SIGN_UP = "invitation"
    operators_browser.post("/admin/accounts/invitation/add/", {"email": "Noa@Example.com"})
    found = re.search(r"/accounts/invitation/\S+/", str(mail.outbox[0].body))
    assert found
    return found[0]


@pytest.mark.parametrize("policy", ["closed", "invitation"])
def test_closed_there_is_a_page_that_says_so_and_no_form(client: Client, settings: Any, policy: str) -> None:
    settings.SIGN_UP = policy
    html = client.get("/accounts/signup/").content.decode()
    in_our_frame(html)
    assert 'type="password"' not in html
    sign_up(client, "noa@example.com")
    assert not User.objects.exists()


def test_only_addresses_of_the_operators_domains(client: Client, settings: Any) -> None:
    settings.SIGN_UP, settings.SIGN_UP_DOMAINS = "domains", ["example.com"]
    for refused in ("noa@example.org", "noa@evil-example.com", "noa@sub.example.com", "noa@example.com.evil.org"):
        assert "New accounts need an address at example.com" in sign_up(client, refused).content.decode()
    assert not User.objects.exists()
    assert sign_up(client, "noa@EXAMPLE.com").status_code == 302


def test_an_invitation_lets_its_own_address_in_once(client: Client, link: str) -> None:
    assert client.get(link)["Location"] == "/accounts/signup/"
    html = client.get("/accounts/signup/").content.decode()
    assert 'value="noa@example.com"' in html
    assert "The invitation is for another address" in sign_up(client, "somebody@else.example").content.decode()
    assert sign_up(client, "noa@example.com")["Location"] == "/c/"
    assert not Invitation.objects.exists()
    again = Client().get(link)
    assert again.status_code == 404
    in_our_frame(again.content.decode())


def test_an_invitation_that_is_too_old_lets_nobody_in(client: Client, link: str) -> None:
    client.get(link)
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    sign_up(client, "noa@example.com")
    assert not User.objects.filter(email="noa@example.com").exists()


def test_sent_again_only_the_new_link_works(operators_browser: Client, client: Client, link: str) -> None:
    chosen = {"action": "send_again", "_selected_action": str(Invitation.objects.get().pk)}
    operators_browser.post("/admin/accounts/invitation/", chosen)
    assert len(mail.outbox) == 2
    assert client.get(link).status_code == 404


WRONG = {
    "SIGN_UP_DOMAINS": {"SIGN_UP": "domains", "EMAIL_VERIFICATION": "mandatory"},
    "SIGN_UP": {"SIGN_UP": "domains", "SIGN_UP_DOMAINS": "example.com"},
    "GOOGLE_CLIENT_SECRET": {"GOOGLE_CLIENT_ID": "x"},
    "GITHUB_CLIENT_ID": {"GITHUB_CLIENT_SECRET": "x"},
    "OIDC_SERVER_URL": {"OIDC_CLIENT_ID": "x", "OIDC_CLIENT_SECRET": "y"},
}


@pytest.mark.parametrize(("name", "variables"), WRONG.items())
def test_half_a_setting_and_a_policy_without_proof_stop_the_start(name: str, variables: dict[str, str]) -> None:
    with pytest.raises(EnvError, match=f"^{name}: "):
        sign_in_settings(Environment(variables))


def test_a_button_stands_there_only_for_what_is_configured(client: Client) -> None:
    assert b"Continue with" not in client.get("/accounts/login/").content
    assert sign_in_settings(Environment({}))["OTHER_ACCOUNTS"] == []
    three = {f"{name}_CLIENT_{half}": "x" for name in ("GOOGLE", "GITHUB", "OIDC") for half in ("ID", "SECRET")}
    configured = sign_in_settings(Environment(three | {"OIDC_SERVER_URL": "https://id.example.com", "OIDC_NAME": "Our Staff!"}))
    assert [key for key, _, _ in configured["OTHER_ACCOUNTS"]] == ["google", "github", "our-staff"]
