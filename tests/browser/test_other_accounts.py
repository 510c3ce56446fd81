"""Google, GitHub and an OpenID Connect provider: a whole product that is set up for local servers that speak their protocols."""

from __future__ import annotations

import json
import re
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from oidc_provider_mock import run_server_in_thread
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import forget_attempts
from tests.browser.person import PASSWORD
from tests.browser.test_every_page import faults
from tests.sign_in_fakes import CLIENT, Others, others
from tests.stack import Stack

WAYS = ["Google", "GitHub", "Company login"]


class Oidc:
    """`oidc-provider-mock`: asks for a subject, and says about it what was stored before."""

    def __init__(self, port: int) -> None:
        self.url = f"http://localhost:{port}"
        self.subject = ""

    def knows(self, subject: str, **claims: object) -> None:
        self.subject = subject
        body = json.dumps({"name": "Noa Levi", "email_verified": True, **claims}).encode()
        headers = {"Content-Type": "application/json"}
        urllib.request.urlopen(urllib.request.Request(f"{self.url}/users/{subject}", body, headers, method="PUT")).close()


@pytest.fixture(scope="module")
def fake() -> Iterator[Others]:
    with others() as running:
        yield running


@pytest.fixture(scope="module")
def oidc() -> Iterator[Oidc]:
    with run_server_in_thread() as server:
        yield Oidc(server.server_port)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, fake: Others, oidc: Oidc) -> Iterator[Stack]:
    env = {"GOOGLE_BASE_URL": fake.url, "GITHUB_BASE_URL": fake.url, "OIDC_SERVER_URL": oidc.url, "OIDC_NAME": "Company login"}
    for name in ("GOOGLE", "GITHUB", "OIDC"):
        env |= {f"{name}_CLIENT_ID": CLIENT["client_id"], f"{name}_CLIENT_SECRET": CLIENT["client_secret"]}
    folder: Path = tmp_path_factory.mktemp("others")
    with Stack(folder, env, processes=("web",)) as running:
        yield running


@pytest.fixture
def page(chromium: Browser, site: Stack) -> Iterator[Page]:
    forget_attempts(site)
    context = chromium.new_context(base_url=site.url)
    yield context.new_page()
    context.close()


@pytest.fixture
def known_as(fake: Others, oidc: Oidc, request: pytest.FixtureRequest) -> Callable[..., str]:
    """Who is signed in at all three, by an address of this test's own."""

    def be(who: str, *, verified: bool = True) -> str:
        email = f"{who}-{re.sub(r'[^a-z]', '', request.node.name.lower())}@example.com"
        fake.person = {"id": abs(hash(email)) % 10**9, "email": email, "verified": verified, "name": "Noa Levi"}
        oidc.knows(email.partition("@")[0], email=email, email_verified=verified)
        return email

    return be


def go(page: Page, way: str, oidc: Oidc, *, allow: bool = True) -> None:
    """From the sign-in page to there, and back."""
    page.goto("/accounts/login/")
    page.get_by_role("button", name=f"Continue with {way}").click()
    decide(page, way, oidc, allow=allow)


def decide(page: Page, way: str, oidc: Oidc, *, allow: bool = True) -> None:
    if way in ("Google", "GitHub"):
        page.get_by_role("link", name="Allow" if allow else "Cancel", exact=True).click()
    elif allow:
        page.get_by_placeholder("sub").fill(oidc.subject)
        page.get_by_role("button", name="Authorize", exact=True).click()
    else:
        page.get_by_role("button", name="Deny").click()


def heading(page: Page, name: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    assert faults(page) == []


@pytest.mark.parametrize("way", WAYS)
def test_somebody_new_gets_an_account_comes_back_to_it_and_can_unlink_once_there_is_a_password(
    page: Page, oidc: Oidc, known_as: Callable[..., str], way: str
) -> None:
    email = known_as("new")
    go(page, way, oidc)
    page.wait_for_url("**/c/")
    page.goto("/settings/")
    expect(page.get_by_label("Name")).to_have_value("Noa Levi")
    page.context.clear_cookies()
    go(page, way, oidc)
    page.wait_for_url("**/c/")
    page.goto("/settings/security/")
    heading(page, "Security")
    expect(page.get_by_text(email).first).to_be_visible()
    page.get_by_role("button", name=f"Unlink {way}").click()
    heading(page, "That cannot be unlinked yet")
    page.get_by_role("link", name="Set a password").click()
    page.locator("input[type=password]").fill(PASSWORD)
    page.get_by_role("button", name="Save password").click()
    expect(page.get_by_text("Your password is set")).to_be_visible()
    page.goto("/settings/security/")
    page.get_by_role("button", name=f"Unlink {way}").click()
    page.locator("input[type=password]").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_text("It is not linked any more.")).to_be_visible()


@pytest.mark.parametrize("way", WAYS)
def test_an_address_that_belongs_to_somebody_never_opens_their_account_until_they_link_it(
    page: Page, site: Stack, oidc: Oidc, known_as: Callable[..., str], way: str
) -> None:
    email = known_as("taken")
    page.goto("/accounts/signup/")
    page.get_by_label("Email").fill(email)
    page.locator("input[type=password]").fill(PASSWORD)
    page.get_by_role("button", name="Sign up").click()
    page.wait_for_url("**/c/")
    page.context.clear_cookies()
    go(page, way, oidc)
    heading(page, "You have an account already")
    page.get_by_role("link", name="Sign in").click()
    page.get_by_label("Email").fill(email)
    page.locator("input[type=password]").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/settings/security/")
    page.get_by_role("button", name=f"Link {way}").click()
    decide(page, way, oidc)
    page.locator("input[type=password]").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_text("It is linked: you can sign in with it from now on.")).to_be_visible()
    page.context.clear_cookies()
    go(page, way, oidc)
    page.wait_for_url("**/c/")
    with site.database() as database:
        found = database.execute("SELECT count(*) FROM accounts_user WHERE email = %s", [email]).fetchone()
    assert found == (1,)


@pytest.mark.parametrize("way", WAYS)
def test_refusals_and_errors_are_said_and_open_nothing(
    page: Page, fake: Others, oidc: Oidc, known_as: Callable[..., str], way: str
) -> None:
    known_as("refused", verified=False)
    go(page, way, oidc)
    heading(page, f"{way} does not know your email well enough")
    if way != "Company login":  # the mock's refusal comes without the state, as an error of the protocol
        go(page, way, oidc, allow=False)
        heading(page, "You called it off")
    page.goto("/accounts/login/")
    page.get_by_role("button", name=f"Continue with {way}").click()
    if way != "Company login":
        link = str(page.get_by_role("link", name="Allow", exact=True).get_attribute("href"))
        fake.forget_codes()  # an expired code
        page.goto(link)
        heading(page, "Signing in did not work")
        page.goto(re.sub("state=[^&]+", "state=somebody-elses", link))
    else:
        expect(page.get_by_placeholder("sub")).to_be_visible()
        page.goto("/accounts/oidc/company-login/login/callback/?code=x&state=somebody-elses")
    heading(page, "Signing in did not work")
    page.goto("/settings/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Welcome back")


def test_the_pages_on_the_way_are_ours_and_work_without_javascript(
    chromium: Browser, site: Stack, fake: Others, oidc: Oidc, known_as: Callable[..., str]
) -> None:
    known_as("plain")
    context = chromium.new_context(base_url=site.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/accounts/google/login/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Continue with Google?")
    page.get_by_role("button", name="Continue").click()
    decide(page, "Google", oidc)
    page.wait_for_url("**/c/")
    context.close()


def test_a_second_step_is_asked_for_after_the_other_account_too(page: Page, site: Stack, oidc: Oidc, known_as: Callable[..., str]) -> None:
    email = known_as("second")
    go(page, "Google", oidc)
    page.wait_for_url("**/c/")
    site.manage("shell", "-c", _SECOND_STEP.format(email=email))
    page.context.clear_cookies()
    go(page, "Google", oidc)
    expect(page.get_by_role("heading", level=1)).to_have_text("One more step")


_SECOND_STEP = """
from accounts.models import User
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
TOTP.activate(User.objects.get(email="{email}"), generate_totp_secret())
"""
