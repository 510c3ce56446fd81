"""Closing one's account, thinking better of it, and being erased."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.closing import keep_link
from accounts.models import DataExport, SecurityEvent, User, Workspace
from accounts.services.close_account import close_account, keep_account
from accounts.services.create_personal_workspace import create_personal_workspace
from accounts.services.erase_people import erase_due_people, erase_person
from accounts.tests.conftest import PASSWORD, confirm
from core.exceptions import NotFound
from notifications.services import send_due

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Any) -> None:
    settings.VAR_DIR = tmp_path


@pytest.fixture
def kim(kim: User) -> User:
    create_personal_workspace(kim)
    return kim


def closed(user: User) -> User:
    close_account(user)
    user.refresh_from_db()
    return user


def test_it_asks_for_a_proof_closes_at_once_and_says_until_when_it_can_be_kept(kim: User, kims_browser: Client) -> None:
    elsewhere = Client()
    elsewhere.force_login(kim)
    assert kims_browser.get("/settings/data/delete/")["Location"].startswith("/accounts/reauthenticate/")
    confirm(kims_browser)
    assert "14 days" in kims_browser.get("/settings/data/delete/").content.decode()
    answer = kims_browser.post("/settings/data/delete/")
    assert answer["Location"] == "/accounts/closed/"
    assert "Sign in" in kims_browser.get("/accounts/closed/").content.decode()
    kim.refresh_from_db()
    assert kim.deletion_due_at is not None
    assert timedelta(days=13, hours=23) < kim.deletion_due_at - timezone.now() <= timedelta(days=14)
    for browser in (kims_browser, elsewhere):
        assert browser.get("/settings/")["Location"].startswith("/accounts/login/"), "signed out everywhere"
    send_due()
    [message] = [each for each in mail.outbox if each.subject == "Your account will be deleted"]
    assert "/accounts/keep/" in str(message.body)


@pytest.mark.parametrize("path", ["/", "/c/", "/settings/", "/settings/security/", "/usage/", "/accounts/email/", "/search/"])
def test_who_signs_in_to_a_closed_account_sees_one_page_wherever_they_go(kim: User, path: str) -> None:
    closed(kim)
    browser = Client()
    browser.force_login(kim)
    assert browser.get(path)["Location"] == "/accounts/closed/"
    assert browser.get(path, headers={"HX-Request": "true"})["HX-Redirect"] == "/accounts/closed/"
    assert browser.post("/settings/", {"name": "Changed"})["Location"] == "/accounts/closed/"
    assert User.objects.get().name == "Kim"
    assert "Keep my account" in browser.get("/accounts/closed/").content.decode()


def test_signing_in_and_one_button_keep_it(kim: User) -> None:
    closed(kim)
    browser = Client()
    assert browser.post("/accounts/login/", {"login": "kim@example.com", "password": PASSWORD}).status_code == 302
    assert browser.post("/accounts/keep/")["Location"] == "/settings/"
    assert browser.get("/settings/").status_code == 200
    assert erase_due_people(now=timezone.now() + timedelta(days=30)) == 0
    assert browser.post("/accounts/keep/").status_code == 404, "there is nothing to keep"
    assert list(SecurityEvent.objects.filter(kind__startswith="deletion_").order_by("id").values_list("kind", flat=True)) == [
        "deletion_asked",
        "deletion_undone",
    ]


def test_the_link_in_the_mail_keeps_it_once_and_opening_it_alone_does_nothing(kim: User) -> None:
    closed(kim)
    assert kim.deletion_due_at is not None
    link, browser = keep_link(kim.pk, kim.deletion_due_at.isoformat()), Client()
    assert "Keep your account?" in browser.get(link).content.decode()
    assert User.objects.filter(deletion_due_at=None).count() == 0
    assert browser.post(link)["Location"] == "/accounts/login/"
    assert User.objects.filter(deletion_due_at=None).count() == 1
    for wrong in (link, f"{link[:-2]}/", "/accounts/keep/nonsense/"):
        assert browser.post(wrong).status_code == 404
    assert "Nothing to keep here" in browser.post(link).content.decode()
    close_account(kim)
    assert browser.post(link).status_code == 404, "an old mail undoes no later wish"


def test_operators_see_closed_accounts_and_can_keep_them(kim: User) -> None:
    operator, admin = User.objects.create_superuser("op@example.com"), Client()
    admin.force_login(operator)
    closed(kim)
    assert "kim@example.com" in admin.get("/admin/accounts/user/?deletion_due_at__isempty=0").content.decode()
    given = {"action": "keep", "_selected_action": [str(kim.pk), str(operator.pk)]}
    assert "1 accounts are open again." in admin.post("/admin/accounts/user/", given, follow=True).content.decode()
    kept = SecurityEvent.objects.get(kind="deletion_undone")
    assert (kept.subject_id, kept.actor_id) == (kim.pk, operator.pk)
    DataExport.objects.create(user=kim)
    assert admin.get("/admin/accounts/dataexport/").status_code == 200
    assert admin.post(f"/admin/accounts/user/{kim.pk}/delete/", {"post": "yes"}).status_code == 302
    assert erase_due_people() == 1, "an export keeps nobody here"


def test_a_second_wish_moves_no_date_and_a_form_twice_makes_one_event(kim: User) -> None:
    first = close_account(kim)
    assert close_account(kim) == first
    assert SecurityEvent.objects.filter(kind="deletion_asked").count() == 1


def test_the_last_superuser_stays(kim: User, kims_browser: Client) -> None:
    User.objects.filter(pk=kim.pk).update(is_superuser=True)
    confirm(kims_browser)
    answer = kims_browser.post("/settings/data/delete/")
    assert answer.status_code == 409
    assert "only superuser" in answer.content.decode()
    User.objects.create_superuser("op@example.com")
    assert kims_browser.post("/settings/data/delete/").status_code == 302


def test_nobody_is_erased_before_the_time_and_nobody_kept_after_it(kim: User) -> None:
    due = close_account(kim)
    assert erase_due_people(now=due - timedelta(seconds=1)) == 0
    assert not erase_person(kim.pk)
    User.objects.filter(pk=kim.pk).update(is_active=False)  # its erasure has begun
    with pytest.raises(NotFound):
        keep_account(kim.pk)
    assert erase_due_people(now=due) == 1
    assert not User.objects.exists()
    assert [workspace.name for workspace in Workspace.objects.all()] == ["A person who is gone"]
    erased = SecurityEvent.objects.get(kind="account_erased")
    assert (erased.subject_id, erased.details, erased.address) == (kim.pk, {}, None)
    assert erase_due_people(now=due) == 0


def test_without_a_time_of_grace_it_is_gone_within_a_round(kim: User, settings: Any) -> None:
    settings.ACCOUNT_GRACE_DAYS = 0
    close_account(kim)
    assert erase_due_people() == 1
    assert not User.objects.exists()
