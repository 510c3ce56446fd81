"""`/settings/chat/`: how one likes to chat, by a plain form."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import User
from accounts.types import Actor
from conversations.forms import INSTRUCTIONS_CHARACTERS
from conversations.tests.conftest import SCRIPTED
from providers.tokens import count_tokens

pytestmark = pytest.mark.django_db
ADDRESS = "/settings/chat/"
CHOSEN = {"send_with": "modifier", "default_model_key": SCRIPTED, "custom_instructions": " I am a nurse.\r\nBe brief. "}


@pytest.fixture
def browser(owner: Actor) -> Client:
    client = Client()
    client.force_login(User.objects.get(id=owner.user_id))
    return client


def test_what_one_chooses_is_kept_and_said(browser: Client) -> None:
    assert browser.post(ADDRESS, CHOSEN)["Location"] == ADDRESS
    user = User.objects.get()
    assert (user.send_with_modifier, user.shortcuts, user.default_model_key) == (True, False, SCRIPTED)
    assert user.custom_instructions == "I am a nurse.\nBe brief."
    page = browser.get(ADDRESS).content.decode()
    assert "Your chat preferences are saved." in page
    assert "I am a nurse." in page
    assert f"About {count_tokens(user.custom_instructions)} tokens" in page


@pytest.mark.parametrize(
    ("field", "value"),
    [("send_with", "smoke"), ("default_model_key", "no:such"), ("custom_instructions", "x" * (INSTRUCTIONS_CHARACTERS + 1))],
)
def test_what_cannot_be_is_refused_and_what_was_typed_stays(browser: Client, field: str, value: str) -> None:
    response = browser.post(ADDRESS, {**CHOSEN, field: value})
    assert response.status_code == 422
    assert f'id="id_{field}_error"' in response.content.decode()
    assert "nurse" in response.content.decode() or value in response.content.decode()
    assert not User.objects.get().send_with_modifier


def test_a_default_model_that_is_no_longer_offered_can_stay(browser: Client) -> None:
    User.objects.update(default_model_key="openai:gone")
    assert "gone (not offered at the moment)" in browser.get(ADDRESS).content.decode()
    assert browser.post(ADDRESS, {**CHOSEN, "default_model_key": "openai:gone"}).status_code == 302


def test_new_conversations_start_with_the_default_and_else_with_the_last_model(browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_COMPATIBLE_BASE_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("OPENAI_COMPATIBLE_MODELS", "one,two")
    _load_anew()
    User.objects.update(last_model_key="openai_compatible:two")
    assert 'value="openai_compatible:two" selected' in _selected_option(browser)
    User.objects.update(default_model_key="openai_compatible:one")
    assert 'value="openai_compatible:one" selected' in _selected_option(browser)


def test_who_is_not_signed_in_is_asked_to(client: Client) -> None:
    assert client.get(ADDRESS)["Location"] == f"/accounts/login/?next={ADDRESS}"


def _load_anew() -> None:
    from providers.selectors.catalogue import forget_catalogue
    from providers.services.load_catalogue import load_catalogue

    load_catalogue()
    forget_catalogue()


def _selected_option(browser: Client) -> str:
    page = browser.get("/c/").content.decode()
    return next(line for line in page.splitlines() if "<option" in line and " selected" in line)
