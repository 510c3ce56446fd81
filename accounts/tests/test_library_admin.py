"""Operators take a lost second step away, see nothing that it is made of, and the person sees that it was done."""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.test import Client

from accounts.models import SecurityEvent, User

pytestmark = pytest.mark.django_db


def test_a_lost_second_step_is_taken_away_and_stands_in_the_trail(kim: User) -> None:
    step = Authenticator.objects.create(user=kim, type=Authenticator.Type.TOTP, data={"secret": "very-secret-indeed"})
    operator, browser = User.objects.create_superuser("op@example.com"), Client()
    browser.force_login(operator)
    address = f"/admin/mfa/authenticator/{step.pk}"
    assert "kim@example.com" in browser.get("/admin/mfa/authenticator/").content.decode()
    for page in ("/admin/mfa/authenticator/", f"{address}/change/", f"{address}/delete/"):
        assert "very-secret-indeed" not in browser.get(page).content.decode()
    assert browser.post(f"{address}/change/", {"data": "{}"}).status_code == 403
    assert browser.get("/admin/mfa/authenticator/add/").status_code == 403
    assert browser.post(f"{address}/delete/", {"post": "yes"}).status_code == 302
    assert not Authenticator.objects.exists()
    event = SecurityEvent.objects.get(kind="operator_deleted")
    assert (event.subject_id, event.actor_id) == (kim.pk, operator.pk)


def test_an_address_is_marked_as_proved_in_the_trail_and_the_one_that_signs_in_stays(kim: User) -> None:
    second = EmailAddress.objects.create(user=kim, email="second@example.com")
    primary = EmailAddress.objects.get(user=kim, primary=True)
    operator, browser = User.objects.create_superuser("op@example.com"), Client()
    browser.force_login(operator)
    table = "/admin/account/emailaddress/"
    assert browser.post(f"{table}{second.pk}/change/", {"email": "thief@example.com"}).status_code == 403
    assert browser.post(f"{table}{primary.pk}/delete/", {"post": "yes"}).status_code == 403
    browser.post(table, {"action": "prove", "_selected_action": [str(second.pk)]})
    assert EmailAddress.objects.get(pk=second.pk).verified
    event = SecurityEvent.objects.get(kind="email_confirmed")
    assert (event.subject_id, event.actor_id, event.details) == (kim.pk, operator.pk, {"email": "second@example.com"})
    assert browser.post(f"{table}{second.pk}/delete/", {"post": "yes"}).status_code == 302
    assert SecurityEvent.objects.filter(kind="operator_deleted", subject_id=kim.pk).exists()
    assert browser.post(f"/admin/accounts/user/{kim.pk}/delete/", {"post": "yes"}).status_code == 302, "with their user all of them"
    assert User.objects.filter(pk=kim.pk, is_active=False).exists()


def test_tokens_and_apps_are_no_tables(kim: User) -> None:
    browser = Client()
    browser.force_login(User.objects.create_superuser("op@example.com"))
    for table in ("socialtoken", "socialapp"):
        assert browser.get(f"/admin/socialaccount/{table}/").status_code == 404
