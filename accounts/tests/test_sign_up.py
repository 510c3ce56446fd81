"""Signing up makes a person, their workspace and their membership: all of it, or nothing."""

from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test import Client

from accounts.models import Membership, Role, User, Workspace, WorkspaceKind
from accounts.tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db


def sign_up(client: Client, email: str = "Noa@Example.COM", password: str = PASSWORD, **more: str) -> Any:
    return client.post("/accounts/signup/", {"email": email, "password1": password, **more})


def test_a_new_person_lands_in_their_first_conversation_signed_in(client: Client) -> None:
    response = sign_up(client)
    assert response.status_code == 302
    assert response["Location"] == "/c/"
    assert client.session["_auth_user_id"] == str(User.objects.get().pk)


def test_a_new_person_owns_a_personal_workspace(client: Client) -> None:
    sign_up(client)
    user = User.objects.get()
    workspace = Workspace.objects.get()
    assert (workspace.personal_of, workspace.kind) == (user, WorkspaceKind.PERSONAL)
    membership = Membership.objects.get()
    assert (membership.user, membership.workspace, membership.role) == (user, workspace, Role.OWNER)


def test_the_address_is_kept_in_lower_case(client: Client) -> None:
    sign_up(client)
    assert User.objects.get().email == "noa@example.com"
    assert EmailAddress.objects.get().email == "noa@example.com"


def test_a_long_address_is_kept_whole_or_refused(client: Client) -> None:
    labels = ".".join(["b" * 60] * 3)
    for name, length in ((53, 240), (121, 0)):
        email = f"{'a' * name}@{labels}.org" if length else f"{'a' * name}@b.org"
        assert sign_up(Client(), email).status_code == 302
        assert User.objects.filter(email=email).exists()
    too_long = f"{'a' * 80}@{labels}.org"
    assert len(too_long) > 254
    response = sign_up(client, too_long)
    assert response.status_code == 200
    assert "at most 254 characters" in response.content.decode()
    assert User.objects.count() == 2


def test_the_database_refuses_an_address_in_capitals(kim: User) -> None:
    with pytest.raises(IntegrityError, match="user_email_lower_case"), transaction.atomic():
        User.objects.filter(pk=kim.pk).update(email="Kim@example.com")


def test_the_password_is_kept_as_argon2(client: Client) -> None:
    sign_up(client)
    assert User.objects.get().password.startswith("argon2")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("table", ["accounts_workspace", "accounts_membership", "account_emailaddress"])
def test_nothing_is_left_when_one_of_the_rows_cannot_be_written(table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT never CHECK (false) NOT VALID")
    try:
        response = sign_up(Client(raise_request_exception=False))
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT never")
    assert response.status_code == 500
    counts = [model.objects.count() for model in (User, Workspace, Membership, EmailAddress)]
    assert counts == [0, 0, 0, 0]


@pytest.mark.parametrize("email", ["kim@example.com", "KIM@Example.com", " Kim@example.com "])
def test_an_address_makes_one_account_however_it_is_typed(kim: User, client: Client, email: str) -> None:
    response = sign_up(client, email)
    assert response.status_code == 200
    assert "There is an account with this email already" in response.content.decode()
    assert User.objects.count() == 1


def test_what_is_wrong_is_said_at_the_field_and_the_cursor_is_there(client: Client) -> None:
    html = sign_up(client, "noa@example.com", "12345").content.decode()
    field = re.search(r"<input[^>]*name=\"password1\"[^>]*>", html)
    assert field is not None
    assert 'aria-invalid="true"' in field[0]
    assert "autofocus" in field[0]
    assert 'aria-describedby="id_password1_helptext id_password1_error"' in field[0]
    assert 'id="id_password1_error"' in html
    assert "12345" not in html
    assert User.objects.count() == 0


def test_the_fields_carry_the_names_and_hints_that_browsers_know(client: Client) -> None:
    html = client.get("/accounts/signup/").content.decode()
    assert re.search(r'<label for="id_email">Email</label>', html)
    assert re.search(r'<label for="id_password1">Password</label>', html)
    assert re.search(r'<input type="email"[^>]*autocomplete="email"', html)
    assert re.search(r'<input type="password"[^>]*autocomplete="new-password"', html)
    assert re.search(r"<button[^>]*>Sign up</button>", html)


@pytest.mark.parametrize(("sent", "kept"), [("Europe/Brussels", "Europe/Brussels"), ("Mars/Olympus", ""), ("", "")])
def test_the_browsers_time_zone_is_kept_when_it_exists(client: Client, sent: str, kept: str) -> None:
    sign_up(client, time_zone=sent)
    assert User.objects.get().time_zone == kept


def test_who_is_signed_in_goes_on_to_the_conversations(kims_browser: Client) -> None:
    assert kims_browser.get("/accounts/signup/")["Location"] == "/c/"


def test_with_verification_an_account_opens_only_by_the_link_in_the_mail(client: Client, settings: Any) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    response = sign_up(client)
    assert response["Location"] == "/accounts/confirm-email/"
    assert "_auth_user_id" not in client.session
    [message] = mail.outbox
    link = re.search(r"/accounts/confirm-email/\S+/", str(message.body))
    assert link is not None
    assert b"Is this your email?" in client.get(link[0]).content
    client.post(link[0])
    assert EmailAddress.objects.get().verified
