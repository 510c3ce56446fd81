"""An address that changes is told to the former one, whoever changes it and however."""

from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client

from accounts.email_back import email_back_address
from accounts.models import SecurityEvent, User
from accounts.services.change_email import change_email
from accounts.tests.conftest import PASSWORD
from accounts.tests.taken_over import FORMER, SUBJECT, THIEFS, addresses, browser_of_thief, change_to, mailed_link
from accounts.types import SecurityEventKind as Kind
from notifications.models import Notification
from notifications.services import send_due

pytestmark = pytest.mark.django_db


@pytest.fixture
def thief(kim: User) -> Client:
    return browser_of_thief(kim)


@pytest.mark.parametrize("verification", ["none", "mandatory"])
def test_a_change_through_the_page_is_in_the_trail_and_told_to_the_former_address(
    kim: User, thief: Client, settings: Any, verification: str
) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = verification
    EmailAddress.objects.update(verified=verification == "mandatory")
    thief.post("/accounts/email/", {"action_add": "", "email": THIEFS})
    if verification == "mandatory":
        confirmation = re.search(r"/accounts/confirm-email/\S+/", str(mail.outbox[-1].body))
        assert confirmation is not None
        thief.post(confirmation[0])
        assert not SecurityEvent.objects.filter(kind=Kind.EMAIL_CHANGED).exists(), "confirmed is not primary yet"
    thief.post("/accounts/email/", {"action_primary": "", "email": THIEFS})
    event = SecurityEvent.objects.get(kind=Kind.EMAIL_CHANGED)
    assert (event.details, event.actor_id) == ({"from": FORMER, "to": THIEFS}, kim.pk)
    assert event.detail_words == f"{FORMER} → {THIEFS}"
    assert mailed_link() == email_back_address(event.id)
    assert email_back_address(event.id) not in str(Notification.objects.values_list("context", flat=True)), "rows hold no links that act"


def test_no_address_slips_in_where_operators_left_no_primary_one(kim: User, thief: Client) -> None:
    EmailAddress.objects.all().delete()
    thief.post("/accounts/email/", {"action_add": "", "email": THIEFS})
    confirmation = re.search(r"/accounts/confirm-email/\S+/", str(mail.outbox[-1].body))
    assert confirmation is not None
    EmailAddress.objects.update(primary=False)
    thief.post(confirmation[0])
    kim.refresh_from_db()
    assert kim.email == FORMER
    assert addresses(kim) == [(FORMER, True, False), (THIEFS, False, True)]
    change_to(thief)
    assert mailed_link()


def test_the_address_that_is_the_primary_one_is_not_changed_by_making_it_so(kim: User, thief: Client) -> None:
    thief.post("/accounts/email/", {"action_primary": "", "email": FORMER})
    assert not SecurityEvent.objects.filter(kind=Kind.EMAIL_CHANGED).exists()


def test_what_an_operator_changed_is_told_to_the_former_address_and_taken_back_by_nobody(kim: User, thief: Client) -> None:
    first = change_to(thief)
    operator = User.objects.create_superuser("op@example.com", PASSWORD)
    admin = Client(REMOTE_ADDR="192.0.2.99")
    admin.force_login(operator)
    form = admin.get(f"/admin/accounts/user/{kim.pk}/change/").context["adminform"].form
    data = {name: value for name in form.fields if (value := form[name].value()) not in (None, False, [])}
    data |= {"email": "Kim@new.example.com", "memberships-TOTAL_FORMS": "0", "memberships-INITIAL_FORMS": "0"}
    assert admin.post(f"/admin/accounts/user/{kim.pk}/change/", data).status_code == 302
    event = SecurityEvent.objects.filter(kind=Kind.EMAIL_CHANGED).latest("id")
    assert (event.details, event.actor_id) == ({"from": THIEFS, "to": "kim@new.example.com"}, operator.pk)
    send_due()
    [message] = [one for one in mail.outbox if one.to == [THIEFS] and one.subject == SUBJECT]
    assert "kim@new.example.com" in str(message.body)
    assert "192.0.2.99" not in str(message.body)
    assert "/email/back/" not in str(message.body)
    for link in (event.id, first):
        assert Client().post(email_back_address(link)).status_code == 404


def test_a_person_whom_operators_add_is_told_of_no_change(kim: User) -> None:
    change_email(kim, "kim@new.example.com")
    assert not SecurityEvent.objects.filter(kind=Kind.EMAIL_CHANGED).exists()
