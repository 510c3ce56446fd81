"""Operators find people and workspaces, and what they make is whole."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core.management import call_command
from django.test import Client

from accounts.models import DeviceSession, Membership, Role, SecurityEvent, User, Workspace
from accounts.types import SecurityEventKind


@pytest.fixture
def operators_browser(db: None) -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("op@example.com", "a sparrow on the roof"))
    return client


def test_createsuperuser_makes_somebody_who_can_use_the_product_too(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "a sparrow on the roof")
    call_command("createsuperuser", "--noinput", "--email", "Boss@Example.com")
    boss = User.objects.get()
    assert (boss.email, boss.is_staff, boss.is_superuser) == ("boss@example.com", True, True)
    assert Membership.objects.get(user=boss).role == Role.OWNER
    client = Client()
    client.post("/accounts/login/", {"login": "BOSS@example.com", "password": "a sparrow on the roof"})
    assert client.get("/admin/").status_code == 200


def test_an_address_is_needed(db: None) -> None:
    with pytest.raises(ValueError, match="address is needed"):
        User.objects.create_user("")


def test_switched_off_or_given_a_new_password_somebody_is_signed_out_everywhere(operators_browser: Client, kim: User) -> None:
    browser = Client()
    browser.force_login(kim)
    new = {"password1": "a pigeon in the hand", "password2": "a pigeon in the hand", "usable_password": "true"}
    assert operators_browser.post(f"/admin/accounts/user/{kim.pk}/password/", new).status_code == 302
    assert not DeviceSession.objects.filter(user=kim).exists()
    assert browser.get("/settings/").status_code == 302
    assert operators_browser.get("/admin/").status_code == 200
    told = SecurityEvent.objects.get(kind=SecurityEventKind.PASSWORD_CHANGED)
    assert (told.subject_id, told.done_by, told.address) == (kim.pk, "Operator", None)


def test_people_are_found_by_address(operators_browser: Client, kim: User) -> None:
    html = operators_browser.get("/admin/accounts/user/?q=KIM@").content.decode()
    assert "kim@example.com" in html
    assert "1 user" in html


@pytest.mark.parametrize("path", ["/admin/accounts/user/", "/admin/accounts/workspace/"])
def test_a_longer_list_costs_no_more_queries(
    operators_browser: Client, django_assert_max_num_queries: Any, django_assert_num_queries: Any, path: str
) -> None:
    User.objects.create_user("a@example.com")
    with django_assert_max_num_queries(14) as few:
        operators_browser.get(path)
    for number in range(12):
        User.objects.create_user(f"u{number}@example.com")
    with django_assert_num_queries(len(few)):
        operators_browser.get(path)


def test_a_person_made_here_has_workspace_and_address(operators_browser: Client) -> None:
    new = {
        "email": "Noa@Example.com",
        "name": "Noa",
        "usable_password": "true",
        "password1": "a dove in april",
        "password2": "a dove in april",
    }
    response = operators_browser.post("/admin/accounts/user/add/", new)
    noa = User.objects.get(email="noa@example.com")
    assert response.status_code == 302
    assert noa.check_password("a dove in april")
    assert Workspace.objects.get(personal_of=noa).memberships.get().user == noa
    assert EmailAddress.objects.get(user=noa).email == "noa@example.com"


def test_a_corrected_address_replaces_the_former_one(operators_browser: Client, kim: User) -> None:
    form = operators_browser.get(f"/admin/accounts/user/{kim.pk}/change/").context["adminform"].form
    data = {name: value for name in form.fields if (value := form[name].value()) not in (None, False, [])}
    data |= {"email": "Kim.Lee@example.com", "memberships-TOTAL_FORMS": "0", "memberships-INITIAL_FORMS": "0"}
    response = operators_browser.post(f"/admin/accounts/user/{kim.pk}/change/", data)
    assert response.status_code == 302, response.context["errors"]
    kim.refresh_from_db()
    assert kim.email == "kim.lee@example.com"
    assert [address.email for address in EmailAddress.objects.filter(user=kim)] == ["kim.lee@example.com"]


def test_a_workspace_shows_its_members(operators_browser: Client, kim: User) -> None:
    html = operators_browser.get(f"/admin/accounts/workspace/{kim.personal_workspace.pk}/change/").content.decode()
    assert "kim@example.com" in html


def test_operators_change_their_own_password_where_everybody_does(operators_browser: Client) -> None:
    """There it stands in the trail, goes to them by mail, and ends their other sessions with their sockets."""
    for answer in (operators_browser.get("/admin/password_change/"), operators_browser.post("/admin/password_change/", {})):
        assert answer["Location"] == "/accounts/password/change/"
