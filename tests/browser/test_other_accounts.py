"""Google, GitHub and an OpenID Connect provider: a whole product that is set up for local servers that speak their protocols."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from oidc_provider_mock import run_server_in_thread
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import forget_attempts
from tests.browser.person import PASSWORD
from tests.browser.test_every_page import faults
from tests.sign_in_fakes import CLIENT, REFUSED, Oidc, Others, Sent, changed, new_key, others, query
from tests.stack import Stack

WAYS = ["Google", "GitHub", "Company login"]


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


@contextmanager
def nothing_made(page: Page, site: Stack) -> Iterator[None]:
    """No account, no link, no workspace, no address, and nobody is signed in."""
    before = _made(site)
    yield
    assert _made(site) == before
    page.goto("/settings/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Welcome back")


def _made(site: Stack) -> list[object]:
    tables = ("accounts_user", "accounts_workspace", "account_emailaddress", "socialaccount_socialaccount")
    with site.database() as database:
        return [database.execute(f"SELECT count(*) FROM {table}").fetchone() for table in tables]


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
def test_an_address_that_is_not_verified_there_opens_nothing(
    page: Page, site: Stack, oidc: Oidc, known_as: Callable[..., str], way: str
) -> None:
    known_as("unproved", verified=False)
    with nothing_made(page, site):
        go(page, way, oidc)
        heading(page, f"{way} does not know your email well enough")


@pytest.mark.parametrize("way", WAYS)
def test_who_says_no_over_there_is_told_that_nothing_happened(
    page: Page, site: Stack, oidc: Oidc, known_as: Callable[..., str], way: str
) -> None:
    known_as("refusing")
    with nothing_made(page, site):
        # The mock's refusal leaves out the state, which RFC 6749 (4.1.2.1) demands: real providers send it.
        with changed(page, lambda sent, state: sent | {"state": state}) as links:
            go(page, way, oidc, allow=False)
            heading(page, "You called it off")
        assert query(links[0])["error"] == "access_denied"


@pytest.mark.parametrize("way", WAYS)
def test_a_good_code_with_a_state_that_is_not_this_browsers_signs_nobody_in(
    page: Page, chromium: Browser, site: Stack, oidc: Oidc, known_as: Callable[..., str], way: str
) -> None:
    known_as("mixedup")
    with nothing_made(page, site), changed(page, lambda sent, _: sent | {"state": "somebody-elses"}) as links:
        go(page, way, oidc)
        heading(page, "Signing in did not work")
    other = chromium.new_context(base_url=site.url).new_page()
    with nothing_made(other, site):  # the whole link, sent to somebody else
        other.goto(links[0])
        heading(other, "Signing in did not work")
    other.context.close()
    page.goto(links[0])  # as the provider had made it: only the state was wrong
    page.wait_for_url("**/c/")


@pytest.mark.parametrize("way", WAYS)
def test_a_code_that_is_too_old_or_was_used_before_signs_nobody_in(
    page: Page, site: Stack, fake: Others, oidc: Oidc, known_as: Callable[..., str], caplog: pytest.LogCaptureFixture, way: str
) -> None:
    def too_old(sent: Sent, _: str) -> Sent:
        fake.forget_codes()  # the mock never forgets: it gets one that it does not know
        return sent if way != "Company login" else sent | {"code": "of-yesterday"}

    known_as("late")
    with nothing_made(page, site), changed(page, too_old):
        go(page, way, oidc)
        heading(page, "Signing in did not work")
    assert caplog.text.count(REFUSED) == 1  # the state was good: the provider was asked
    with changed(page, lambda sent, _: sent) as links:
        go(page, way, oidc)
        page.wait_for_url("**/c/")
    page.goto("about:blank")  # what it still fetches would bring a cookie that the next form does not know
    page.context.clear_cookies()
    with nothing_made(page, site), changed(page, lambda sent, _: sent | {"code": query(links[0])["code"]}):
        go(page, way, oidc)
        heading(page, "Signing in did not work")
    assert caplog.text.count(REFUSED) == 2


@pytest.mark.parametrize("lie", [{"aud": "another-client"}, {"iss": "https://accounts.example"}, {"exp": 1}], ids=str)
def test_what_google_says_to_others_or_said_long_ago_signs_nobody_in(
    page: Page, site: Stack, fake: Others, oidc: Oidc, known_as: Callable[..., str], monkeypatch: pytest.MonkeyPatch, lie: dict[str, object]
) -> None:
    known_as("misled")
    monkeypatch.setattr(fake, "claims", lie)
    with nothing_made(page, site):
        go(page, "Google", oidc)
        heading(page, "Signing in did not work")


def test_what_a_browser_brings_as_googles_word_is_believed_only_with_googles_signature(
    page: Page, site: Stack, fake: Others, known_as: Callable[..., str]
) -> None:
    """`google/login/token/` is allauth's, for Google's own button: not on our pages, but open."""

    def bring(token: str) -> None:
        page.context.add_cookies([{"name": "g_csrf_token", "value": "same", "url": site.url}])
        page.request.post("/accounts/google/login/token/", form={"g_csrf_token": "same", "credential": token})

    known_as("brought")
    with nothing_made(page, site):
        bring(fake.id_token(new_key()))
    bring(fake.id_token())
    page.goto("/settings/")
    expect(page.get_by_label("Name")).to_have_value("Noa Levi")


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
