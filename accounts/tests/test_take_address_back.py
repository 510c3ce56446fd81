"""Whoever takes an account over changes its address first; the owner of the former one gets everything back, and they get nothing."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from unittest import mock

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.socialaccount.models import SocialAccount
from django.core import mail
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts import email_back_views as views
from accounts.email_back import email_back_address
from accounts.models import DeviceSession, SecurityEvent, User
from accounts.selectors.email_back import change_to_take_back
from accounts.services.close_account import close_account
from accounts.services.take_address_back import take_address_back
from accounts.signals import sessions_ended
from accounts.tests.conftest import PASSWORD
from accounts.tests.taken_over import FORMER, SUBJECT, THIEFS, addresses, browser_of_thief, change_to, mailed_link
from accounts.types import SecurityEventKind as Kind
from notifications.services import send_due

pytestmark = pytest.mark.django_db
NEW = "a pigeon in the hand"


@pytest.fixture
def thief(kim: User) -> Client:
    return browser_of_thief(kim)


def test_opening_the_link_changes_nothing_and_the_button_gives_the_account_back(kim: User, thief: Client) -> None:
    change_to(thief)
    owner, link = Client(), mailed_link()
    page = owner.get(link).content.decode()
    assert "Take my account back" in page
    assert FORMER in page
    kim.refresh_from_db()
    assert kim.email == THIEFS
    keys = list(DeviceSession.objects.filter(user=kim).values_list("session_key", flat=True))
    ended = mock.Mock()
    sessions_ended.connect(ended)
    answer = owner.post(link, follow=True)
    kim.refresh_from_db()
    assert (kim.email, kim.has_usable_password(), addresses(kim)) == (FORMER, False, [(FORMER, True, True)])
    assert [call.kwargs["keys"] for call in ended.call_args_list if set(keys) & set(call.kwargs["keys"])], "sockets are told"
    assert thief.get("/settings/")["Location"].startswith("/accounts/login/")
    assert Client().post("/accounts/login/", {"login": FORMER, "password": PASSWORD}).status_code == 200
    html = answer.content.decode()
    assert "Choose a new password now" in html
    owner.post(answer.request["PATH_INFO"], {"password1": NEW})
    assert owner.post("/accounts/login/", {"login": FORMER, "password": NEW}).status_code == 302
    assert Client().post("/accounts/login/", {"login": THIEFS, "password": NEW}).status_code == 200


def test_it_is_in_the_trail_and_told_to_who_loses_the_address_without_a_link(kim: User, thief: Client) -> None:
    event_id = change_to(thief)
    Client(REMOTE_ADDR="192.0.2.7").post(mailed_link())
    event = SecurityEvent.objects.filter(kind=Kind.EMAIL_CHANGED).latest("id")
    assert event.details == {"from": THIEFS, "to": FORMER, "taken_back": str(event_id)}
    assert (event.subject_id, event.actor_id, event.address) == (kim.pk, None, "192.0.2.7")
    assert event.detail_words == f"{THIEFS} → {FORMER}, taken back"
    send_due()
    [message] = [one for one in mail.outbox if one.to == [THIEFS] and one.subject == SUBJECT]
    html = str(message.alternatives[0])  # type: ignore[attr-defined]
    for text in (str(message.body), html):
        assert "again" in text
        assert "/email/back/" not in text
    assert Client().get(email_back_address(event.id)).status_code == 404


def test_a_link_works_once_and_no_wrong_one_does_anything(kim: User, thief: Client) -> None:
    event_id = change_to(thief)
    link = mailed_link()
    for wrong in (link[:-4] + "xyz/", "/accounts/email/back/nonsense/", f"/accounts/email/back/{event_id}/"):
        assert Client().post(wrong).status_code == 404
    kim.refresh_from_db()
    assert kim.email == THIEFS
    assert Client().post(link).status_code == 302
    for ask in (Client().get, Client().post):
        answer = ask(link)
        assert answer.status_code == 404
        assert "This link does not work any more" in answer.content.decode()


@pytest.mark.parametrize("end", ["old", "gone", "shut out", "another kind"])
def test_a_link_leads_nowhere_when_it_is_too_old_or_its_person_is_gone(kim: User, thief: Client, end: str) -> None:
    event_id = change_to(thief)
    if end == "old":
        assert change_to_take_back(event_id, now=timezone.now() + timedelta(days=6, hours=23))
        assert change_to_take_back(event_id, now=timezone.now() + timedelta(days=7, minutes=1)) is None
        return
    if end == "gone":
        kim.delete()
    elif end == "shut out":
        User.objects.update(is_active=False)
    else:
        event_id = SecurityEvent.objects.exclude(kind=Kind.EMAIL_CHANGED).latest("id").id
    assert Client().post(email_back_address(event_id)).status_code == 404


def test_ways_in_that_came_with_the_thief_go_and_older_ones_stay(kim: User, thief: Client) -> None:
    TOTP.activate(kim, generate_totp_secret())
    SocialAccount.objects.create(user=kim, provider="github", uid="kims own")
    Authenticator.objects.update(created_at=timezone.now() - timedelta(days=3))
    SocialAccount.objects.update(date_joined=timezone.now() - timedelta(days=3))
    Authenticator.objects.create(user=kim, type=Authenticator.Type.WEBAUTHN, data={}, created_at=timezone.now() - timedelta(hours=20))
    event_id = change_to(thief)
    RecoveryCodes.activate(kim)
    SocialAccount.objects.create(user=kim, provider="google", uid="of the thief")
    take_address_back(event_id)
    assert [one.type for one in Authenticator.objects.filter(user=kim)] == ["totp"]
    assert [one.uid for one in SocialAccount.objects.filter(user=kim)] == ["kims own"]
    event = SecurityEvent.objects.filter(kind=Kind.EMAIL_CHANGED).latest("id")
    assert sorted(event.details["removed"]) == ["Passkey", "Recovery codes", "google"]
    assert event.detail_words.startswith(f"{THIEFS} → {FORMER}, removed: ")


def test_codes_that_stand_in_for_nothing_go_too(kim: User, thief: Client) -> None:
    RecoveryCodes.activate(kim)
    Authenticator.objects.update(created_at=timezone.now() - timedelta(days=3))
    TOTP.activate(kim, generate_totp_secret())
    take_address_back(change_to(thief))
    assert not Authenticator.objects.exists()


def test_a_thief_who_changes_the_address_twice_gets_nothing_from_the_second_link(kim: User, thief: Client) -> None:
    first = change_to(thief)
    second = change_to(thief, "thief-again@example.org")
    assert Client().post(email_back_address(first)).status_code == 302
    assert Client().post(email_back_address(second)).status_code == 404
    kim.refresh_from_db()
    assert kim.email == FORMER


def test_a_thief_who_takes_back_a_later_change_does_not_use_up_the_first_link(kim: User, thief: Client) -> None:
    first = change_to(thief)
    take_address_back(change_to(thief, "thief-again@example.org"))
    kim.refresh_from_db()
    assert kim.email == THIEFS
    assert take_address_back(first).email == FORMER


def test_after_it_a_new_change_can_be_taken_back_again(kim: User, thief: Client) -> None:
    take_address_back(change_to(thief))
    kim.refresh_from_db()
    kim.set_password(PASSWORD)
    kim.save()
    assert take_address_back(change_to(browser_of_thief(kim), "later@example.org")).email == FORMER


def test_an_account_that_was_closed_since_is_open_again_with_what_is_in_it(kim: User, thief: Client) -> None:
    event_id = change_to(thief)
    kim.refresh_from_db()
    close_account(kim)
    take_address_back(event_id)
    kim.refresh_from_db()
    assert kim.deletion_due_at is None
    assert SecurityEvent.objects.filter(kind=Kind.DELETION_UNDONE).exists()


def test_whoever_is_signed_in_to_the_closed_account_reaches_the_link(kim: User, thief: Client) -> None:
    event_id = change_to(thief)
    kim.refresh_from_db()
    close_account(kim)
    here = Client()
    here.force_login(kim)
    assert here.get("/settings/")["Location"] == "/accounts/closed/"
    answer = here.post(email_back_address(event_id), follow=True)
    assert "Choose a new password now" in answer.content.decode()


@pytest.mark.parametrize("whose", ["account", "proved address"])
def test_an_address_that_is_anothers_by_now_is_refused_in_words_and_nothing_changes(kim: User, thief: Client, whose: str) -> None:
    event_id = change_to(thief)
    thief.post("/accounts/email/", {"action_remove": "", "email": FORMER})
    other = User.objects.create_user(FORMER if whose == "account" else "noa@example.com")
    if whose != "account":
        EmailAddress.objects.create(user=other, email=FORMER, verified=True)
    answer = Client().post(email_back_address(event_id))
    assert answer.status_code == 409
    assert "another account with this address" in answer.content.decode()
    kim.refresh_from_db()
    assert (kim.email, kim.check_password(PASSWORD)) == (THIEFS, True)
    other.delete()
    assert Client().post(email_back_address(event_id)).status_code == 302, "it was not used up"


def test_a_request_of_the_thief_that_was_under_way_changes_no_address(kim: User, thief: Client, rf: Any) -> None:
    event_id = change_to(thief)
    under_way = rf.post("/accounts/email/", {"action_add": "", "email": "late@example.org"})
    under_way.session, under_way.user = thief.session, User.objects.get(pk=kim.pk)
    take_address_back(event_id)
    assert views.addresses(under_way)["Location"] == "/accounts/login/"
    assert addresses(kim) == [(FORMER, True, True)]


@pytest.mark.django_db(transaction=True)
def test_of_five_at_the_same_moment_one_takes_it_back(kim: User, thief: Client) -> None:
    event_id = change_to(thief)

    def press(_: int) -> int:
        try:
            return Client().post(email_back_address(event_id)).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(5) as people:
        assert sorted(people.map(press, range(5))) == [302, 404, 404, 404, 404]
    assert SecurityEvent.objects.filter(kind=Kind.EMAIL_CHANGED).count() == 2
